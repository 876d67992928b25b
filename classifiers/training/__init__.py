"""Makes the embedded model: data preparation, training, calibration, export. Never needed to run Tocsin."""
