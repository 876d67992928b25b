"""What a mention says, and which clause of the policy it breaks: `Assessment` and `Finding`."""

import os

# Since 1.29 onnxruntime keeps an identifier of the machine and tells its makers how it is used, unless this stands in
# the environment before it is loaded. What an organisation judges, and how often, is nobody else's business.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
