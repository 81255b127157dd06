import Foundation
import RoostTemplate

/// The files that the steps of a target name by their addresses, fetched before anything is made.
final class StepFiles: Sendable {
    /// Where they lie, by their addresses.
    let places: [String: String]
    private let folder: String?

    private static let curl = ["/usr/bin/curl", "/usr/local/bin/curl", "/bin/curl"]
    /// Of a script or a file of a template; larger things belong into a base or a package.
    private static let largest = 1 << 30

    private struct Wanted {
        var address: String
        var checksum: String?
    }

    /// Fetches all of them.
    ///
    /// - Throws: ``ImageBuildFailure`` naming all that cannot be got.
    init(of target: ImageTarget, _ context: BuildContext) async throws {
        let wanted = Self.wanted(target)
        guard !wanted.isEmpty else {
            (places, folder) = ([:], nil)
            return
        }
        let folder = NSTemporaryDirectory() + "/roost-files-\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        do {
            places = try await Self.fetch(wanted, to: folder, context)
            self.folder = folder
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    deinit { if let folder { try? FileManager.default.removeItem(atPath: folder) } }

    private static func wanted(_ target: ImageTarget) -> [Wanted] {
        (target.provisioners + target.validations).compactMap { step in
            guard let address = step.settings["script_uri"]?.text ?? step.settings["source_uri"]?.text else {
                return nil
            }
            return Wanted(address: address, checksum: step.settings["sha256_checksum"]?.text?.lowercased())
        }
    }

    private static func fetch(
        _ wanted: [Wanted],
        to folder: String,
        _ context: BuildContext
    ) async throws -> [String: String] {
        var (places, problems): ([String: String], [String]) = ([:], [])
        for (number, file) in wanted.enumerated() {
            let path = places[file.address] ?? "\(folder)/\(number)"
            do {
                if places[file.address] == nil {
                    context.say(.step("Fetching \(FetchAddress.shown(file.address))"))
                    try await fetch(file.address, to: path, in: folder)
                }
                try check(path, file)
                places[file.address] = path
            } catch let failure as ImageBuildFailure {
                problems.append(failure.summary)
            }
        }
        guard problems.isEmpty else { throw ImageBuildFailure.setting(problems.joined(separator: "; ")) }
        return places
    }

    /// The address may hold a key, so it goes into a file that only this user reads, and not onto the command line.
    private static func fetch(_ address: String, to path: String, in folder: String) async throws {
        let shown = FetchAddress.shown(address)
        guard let curl = curl.first(where: FileManager.default.isExecutableFile) else {
            throw ImageBuildFailure.file(path: shown, reason: "it cannot be fetched without the program curl")
        }
        let configuration = path + ".curl"
        let quoted = address.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let text = "url = \"\(quoted)\"\noutput = \"\(path)\"\n"
        try Data(text.utf8).write(to: URL(filePath: configuration))
        defer { unlink(configuration) }
        let options = ["--fail", "--silent", "--show-error", "--location", "--retry", "3", "--proto", "=http,https"]
        let command = HostCommand(
            program: curl,
            arguments: options + ["--max-filesize", "\(largest)", "--globoff", "--config", configuration],
            environment: ProcessInfo.processInfo.environment,
            folder: folder
        )
        let (end, _, errors) = try await HostProcess.text(command)
        guard end == .exited(0) else {
            let said = errors.first?.replacing(address, with: shown) ?? "curl ended with \(end.code)"
            throw ImageBuildFailure.file(path: shown, reason: "it cannot be fetched: \(said)")
        }
    }

    private static func check(_ path: String, _ file: Wanted) throws {
        guard let wanted = file.checksum, !wanted.isEmpty else { return }
        let digest = try FileDigest.of(path)
        guard digest != wanted else { return }
        throw ImageBuildFailure.file(
            path: FetchAddress.shown(file.address),
            reason: "its SHA-256 is \(digest), and \(wanted) was wanted"
        )
    }
}
