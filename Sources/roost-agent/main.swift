import Glibc
import RoostAgent

exit(await AgentMain.run(Array(CommandLine.arguments.dropFirst())))
