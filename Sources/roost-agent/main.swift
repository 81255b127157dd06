import RoostAgent

AgentMain.start(Array(CommandLine.arguments.dropFirst()))
