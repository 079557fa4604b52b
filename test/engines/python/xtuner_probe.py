"""What XTuner does with a config: its own loop, its own checks, and a training of its own."""

import mmengine_probe
from xtuner.engine.runner import TrainLoop

mmengine_probe.LOOPS["TrainLoop"] = TrainLoop
schedules = mmengine_probe.schedules
