"""One question a file; found by looking into this folder, nothing is registered.

A file has ``NUMBER``, ``QUESTION``, ``CLAIM``, ``HYPOTHESES``, ``SCALES`` (a literal, so that it
can be read without torch), ``run(settings, context)``, ``finding(numbers)`` and
``summary(numbers)``. What ``run`` gives to ``context.parts`` are functions of this file that take
and return JSON values and set everything, seeds too, from their arguments.
"""
