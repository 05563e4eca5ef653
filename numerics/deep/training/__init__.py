"""Training networks: settings, one loop, methods found by name, alarms, exact checkpoints."""

from numerics.deep.training.loop import train
from numerics.deep.training.run import Hook, Moment, Run
from numerics.deep.training.settings import Settings, from_dict
from numerics.deep.training.stopped import TrainingStopped

__all__ = ["Hook", "Moment", "Run", "Settings", "TrainingStopped", "from_dict", "train"]
