"""The glue: settings, the steps of the pipeline, the command line. Only `dags/` may import this room."""
