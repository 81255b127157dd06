import Foundation

/// Starts an image as a sandbox: its files under an empty layer, which is dropped when it ends.
public struct SandboxBoot: Sendable {
    /// What an image with an agent starts.
    public static let standardCommand = "/etc/roost/boot run"

    private let cacheFolder: String
    private let command: String?
    private let hasNetwork: Bool

    /// - Parameters:
    ///   - cacheFolder: of the layers.
    ///   - command: a command line; nil is ``standardCommand``.
    ///   - hasNetwork: whether it sees the network of this machine.
    public init(cacheFolder: String, command: String? = nil, hasNetwork: Bool) {
        self.cacheFolder = cacheFolder
        self.command = command
        self.hasNetwork = hasNetwork
    }

    /// Runs it until it ends, or until it is cancelled.
    ///
    /// - Parameters:
    ///   - image: an archive, a folder, a disk, or a version of a gallery with one of them.
    ///   - values: are handed in.
    ///   - context: where paths begin, where galleries are, and who is told.
    ///   - line: gets what it writes.
    /// - Returns: the exit code of what was started.
    /// - Throws: ``BootFailure``, and what reading the image meets.
    public func run(
        _ image: BootImage,
        _ values: BootValues?,
        _ context: BuildContext,
        line: @escaping @Sendable (String) -> Void
    ) async throws -> Int32 {
        let machine = try await RootfsDriver(cacheFolder: cacheFolder).machine(settings(image), context)
        do {
            let code = try await run(machine, image, values, line)
            await TargetBuild.discard(machine)
            return code
        } catch {
            await TargetBuild.discard(machine)
            throw error
        }
    }

    private func settings(_ image: BootImage) -> RootfsSettings {
        let name = "roost-\(UUID().uuidString.prefix(8).lowercased())"
        return RootfsSettings(starting: image, hostName: name, hasNetwork: hasNetwork)
    }

    private func run(
        _ machine: any ImageMachine,
        _ image: BootImage,
        _ values: BootValues?,
        _ line: @escaping @Sendable (String) -> Void
    ) async throws -> Int32 {
        if let values {
            let folder = BootValues.path.split(separator: "/").dropLast().joined(separator: "/")
            _ = try await machine.run(MachineCommand("mkdir -p -m 700 /\(folder)")) { _ in }
            try await machine.upload(.bytes(Array(try values.text().utf8), mode: 0o600), to: BootValues.path)
        }
        if command == nil {
            let code = try await machine.run(MachineCommand("test -x /etc/roost/boot")) { _ in }
            guard code == 0 else { throw BootFailure.noProgram(image: image.name) }
        }
        return try await machine.run(MachineCommand(command ?? Self.standardCommand)) { output in
            switch output {
            case .output(let text), .errors(let text): line(text)
            }
        }
    }
}
