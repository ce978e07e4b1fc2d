"""One run: a model, its adapter, a trainer of TRL, checkpoints that are whole, and the stream of what happens."""

import hashlib
import json
import shutil
from pathlib import Path

import torch
from peft import LoraConfig
from transformers import TrainerCallback
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

from .fault import Fault
from .models import load_model
from .pairs import read_pairs
from .progress import StreamProgress, tell
from .recipe import Recipe

COMPLETE = "complete.json"


def train(recipe: Recipe) -> None:
    if recipe.threads is not None:
        torch.set_num_threads(recipe.threads)
    output = Path(recipe.output)
    pairs = read_pairs(Path(recipe.data))
    model, tokenizer = load_model(recipe.model, getattr(torch, recipe.dtype))
    tell("data", pairs=len(pairs), **lost_ends(pairs, tokenizer, recipe.max_length))
    trainer = make_trainer(recipe, model, tokenizer, pairs, output)
    begun = adapter_hash(trainer.model)
    checkpoint = newest_complete(output)
    trainer.add_callback(NothingTrained(begun))
    trainer.add_callback(MarkComplete())
    trainer.add_callback(StreamProgress())
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    publish(trainer, tokenizer, output)


def make_trainer(recipe: Recipe, model, tokenizer, pairs, output: Path):
    common = dict(
        output_dir=str(output / "checkpoints"),
        learning_rate=recipe.learning_rate,
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch,
        gradient_accumulation_steps=recipe.accumulate,
        warmup_steps=recipe.warmup,
        lr_scheduler_type="linear",
        max_length=recipe.max_length,
        seed=recipe.seed,
        data_seed=recipe.seed,
        logging_steps=1,
        save_strategy="steps",
        save_steps=recipe.save_steps,
        save_total_limit=3,
        report_to=[],
        disable_tqdm=True,
        bf16=False,
        use_cpu=not torch.cuda.is_available(),
        dataloader_pin_memory=False,
        gradient_checkpointing=recipe.gradient_checkpointing,
    )
    lora = LoraConfig(
        r=recipe.lora["rank"],
        lora_alpha=recipe.lora["alpha"],
        lora_dropout=recipe.lora.get("dropout", 0.0),
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    shared = dict(model=model, processing_class=tokenizer, peft_config=lora)
    rows = pairs.remove_columns("line")
    if recipe.method == "dpo":
        config = DPOConfig(**common, beta=recipe.beta, loss_type=recipe.loss, label_smoothing=recipe.label_smoothing)
        return DPOTrainer(**shared, args=config, train_dataset=rows)
    if recipe.method == "kto":
        return KTOTrainer(**shared, args=KTOConfig(**common, beta=recipe.beta), train_dataset=unpaired(rows))
    chosen = rows.map(lambda pair: {"messages": pair["prompt"] + pair["chosen"]}, remove_columns=rows.column_names)
    return SFTTrainer(**shared, args=SFTConfig(**common), train_dataset=chosen)


def unpaired(rows):
    from datasets import concatenate_datasets

    good = rows.map(lambda pair: {"completion": pair["chosen"], "label": True}, remove_columns=["chosen", "rejected"])
    bad = rows.map(lambda pair: {"completion": pair["rejected"], "label": False}, remove_columns=["chosen", "rejected"])
    return concatenate_datasets([good, bad])


def lost_ends(pairs, tokenizer, max_length: int) -> dict[str, int]:
    """How many answers lose their end to `max_length`, and how many prompts are no prefix of prompt and answer."""
    cut = parted = 0
    for pair in pairs:
        prompt = tokenizer.apply_chat_template(pair["prompt"], add_generation_prompt=True, return_dict=False)
        for side in ("chosen", "rejected"):
            whole = tokenizer.apply_chat_template(pair["prompt"] + pair[side], return_dict=False)
            cut += len(whole) > max_length
            parted += whole[: len(prompt)] != prompt
    return {"cut": cut, "parted": parted}


def adapter_hash(model) -> str:
    digest = hashlib.sha256()
    for name, value in model.named_parameters():
        if value.requires_grad:
            digest.update(name.encode() + value.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()


class NothingTrained(TrainerCallback):
    """Refuses a run whose first step leaves every weight as it was."""

    def __init__(self, begun: str) -> None:
        self.begun = begun
        self.asked = False

    def on_step_end(self, args, state, control, model=None, **_) -> None:
        # The first step of a warm-up has a learning rate of 0.
        if self.asked or state.global_step < 2:
            return
        self.asked = True
        if adapter_hash(model) == self.begun:
            raise Fault("Two steps changed no weight: nothing is trained. Raise learning_rate, or look at lora.")


class MarkComplete(TrainerCallback):
    """Writes a mark into a checkpoint after all of its files: one without it was cut off in the middle."""

    def on_save(self, args, state, control, **_) -> None:
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        (folder / COMPLETE).write_text(json.dumps({"step": state.global_step}))


def newest_complete(output: Path) -> Path | None:
    """The newest whole checkpoint; what was cut off is removed."""
    whole = []
    for folder in (output / "checkpoints").glob("checkpoint-*"):
        if (folder / COMPLETE).is_file():
            whole.append(folder)
        else:
            tell("note", text=f"{folder.name} was cut off while it was saved, and is removed.")
            shutil.rmtree(folder)
    return max(whole, key=lambda folder: int(folder.name.split("-")[1]), default=None)


def publish(trainer, tokenizer, output: Path) -> None:
    """The adapter under its final name, all of it or nothing."""
    unfinished, final = output / "adapter.part", output / "adapter"
    shutil.rmtree(unfinished, ignore_errors=True)
    trainer.model.save_pretrained(unfinished)
    tokenizer.save_pretrained(unfinished)
    shutil.rmtree(final, ignore_errors=True)
    unfinished.rename(final)
    tell("end", adapter=str(final), step=trainer.state.global_step)
