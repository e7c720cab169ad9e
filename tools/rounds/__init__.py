"""Generated rounds of every shape a legitimate survey can have, run through the whole job: `make rounds`."""
