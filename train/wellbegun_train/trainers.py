"""The trainer of each method."""

from pathlib import Path

import torch
from peft import LoraConfig
from transformers import PrinterCallback
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, RewardConfig, RewardTrainer, SFTConfig, SFTTrainer

from .watch import WatchedSteps


class WatchedSft(WatchedSteps, SFTTrainer):
    pass


class WatchedDpo(WatchedSteps, DPOTrainer):
    pass


class WatchedKto(WatchedSteps, KTOTrainer):
    pass


class WatchedReward(WatchedSteps, RewardTrainer):
    pass


TRAINERS = {
    "sft": (WatchedSft, SFTConfig),
    "dpo": (WatchedDpo, DPOConfig),
    "kto": (WatchedKto, KTOConfig),
    "reward": (WatchedReward, RewardConfig),
}


def make_trainer(run, model, tokenizer, rows):
    trainer_class, config_class = TRAINERS[run.method]
    trainer = trainer_class(
        model=model,
        processing_class=tokenizer,
        peft_config=run.lora and lora_config(run),
        args=config_class(**common_settings(run), **settings_of_method(run)),
        train_dataset=rows,
    )
    trainer.watch()
    # It prints what the stream tells.
    trainer.remove_callback(PrinterCallback)
    return trainer


def lora_config(run) -> LoraConfig:
    return LoraConfig(
        r=run.lora["rank"],
        lora_alpha=run.lora["alpha"],
        lora_dropout=run.lora["dropout"],
        target_modules="all-linear",
        task_type="SEQ_CLS" if run.method == "reward" else "CAUSAL_LM",
    )


def common_settings(run) -> dict:
    return dict(
        output_dir=str(Path(run.output) / "checkpoints"),
        learning_rate=run.learning_rate,
        lr_scheduler_type=run.schedule,
        warmup_steps=run.warmup,
        num_train_epochs=run.epochs,
        max_steps=run.steps or -1,
        per_device_train_batch_size=run.batch,
        gradient_accumulation_steps=run.accumulate,
        max_length=run.max_length,
        seed=run.seed,
        data_seed=run.seed,
        logging_steps=1,
        save_strategy="steps",
        save_steps=run.save_steps,
        save_total_limit=2,
        report_to="none",
        disable_tqdm=True,
        # TRL's default, also where a processor has no bfloat16.
        bf16=run.precision != "float32",
        use_cpu=not torch.cuda.is_available(),
        dataloader_pin_memory=torch.cuda.is_available(),
        gradient_checkpointing=run.gradient_checkpointing,
    )


def settings_of_method(run) -> dict:
    if run.method == "dpo":
        return dict(
            beta=run.beta,
            loss_type=run.loss,
            label_smoothing=run.label_smoothing,
            # With an adapter, the model without it is the reference; a second model would double the memory.
            precompute_ref_log_probs=run.lora is None,
        )
    return {"beta": run.beta} if run.method == "kto" else {}
