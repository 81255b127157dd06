import ArgumentParser
import RoostImages

/// `roost image door`: what stands between a virtual machine and the server; QEMU runs it for each connection.
struct ImageDoorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "door",
        abstract: "Hand on what a virtual machine sends to its server.",
        shouldDisplay: false
    )

    @Argument var host: String
    @Argument var port: Int

    func run() throws {
        if !TCPDoor.run(host: host, port: port) { throw RoostExit.unreachable.code }
    }
}
