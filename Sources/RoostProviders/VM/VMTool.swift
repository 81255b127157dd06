import Foundation
import RoostImages
import RoostModel

/// A program of this machine that virtual machines need.
struct VMTool: Sendable {
    let program: String
    let package: String

    static let all = [machine, disk, format, copy]
    static let machine = VMTool(program: QEMUMachine.program, package: "qemu-system-x86")
    static let disk = VMTool(program: "qemu-img", package: "qemu-utils")
    static let format = VMTool(program: "mformat", package: "mtools")
    static let copy = VMTool(program: "mcopy", package: "mtools")

    private static let folders = ["/usr/bin", "/usr/local/bin", "/bin"]

    /// Where it is.
    ///
    /// - Throws: ``ProviderFailure/unavailable(_:advice:)``.
    func place() throws(ProviderFailure) -> String {
        for folder in Self.folders where access("\(folder)/\(program)", X_OK) == 0 { return "\(folder)/\(program)" }
        throw .unavailable(
            "Virtual machines need the program \(program), and this machine does not have it.",
            advice: "Install Debian's package \(package)."
        )
    }

    /// Another word for each file that it is installed as: what one version wrote, another may not read.
    ///
    /// - Throws: ``ProviderFailure/unavailable(_:advice:)``.
    func version() throws(ProviderFailure) -> String {
        var facts = stat()
        guard stat(try place(), &facts) == 0 else { throw .failed("\(program) cannot be looked at") }
        return String(facts.st_size, radix: 16) + "a" + String(facts.st_mtim.tv_sec, radix: 16)
    }

    /// Runs it to its end.
    ///
    /// - Throws: ``ProviderFailure/failed(_:)`` with its own words.
    func run(_ arguments: [String], in folder: String) async throws(ProviderFailure) {
        let command = HostCommand(
            program: try place(),
            arguments: arguments,
            environment: ["PATH": Self.folders.joined(separator: ":"), "LC_ALL": "C.UTF-8", "TMPDIR": folder],
            folder: folder
        )
        let said: (end: HostEnd, output: [String], errors: [String])
        do { said = try await HostProcess.text(command) } catch is CancellationError {
            throw .failed("\(program) was cancelled")
        } catch { throw .failed("\(program) cannot be started: \(error)") }
        guard said.end != .exited(0) else { return }
        let words = (said.errors + said.output).suffix(5).joined(separator: " ")
        throw .failed("\(program) ended with \(said.end.code): \(words)")
    }
}
