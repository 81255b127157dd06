import FoundationEssentials
import RoostModel

/// The folder of one step of packer: secrets and values in files that only this user can read.
struct PackerFiles: Sendable {
    let folder: String

    init(_ work: StepWork) throws {
        folder = "\(work.settings.folders.temp)/.packer-\(UUID().uuidString.lowercased())"
        let error = FileTree.make(folder, mode: 0o700)
        guard error == 0 else { throw PackerTaskFailure.fileNotWritten(folder, reason: systemMessage(error)) }
    }

    /// The path of a new file with a text.
    func write(_ text: String, to name: String) throws -> String {
        let path = "\(folder)/\(name)"
        let error = SecretFile.create(Array(text.utf8), at: path)
        guard error == 0 else { throw PackerTaskFailure.fileNotWritten(path, reason: systemMessage(error)) }
        return path
    }

    func remove() { FileTree.delete(folder) }
}

extension StepWork {
    /// Carries out a step of packer with a folder for its secrets.
    ///
    /// What tasks say that know secrets only is said word by word, as people look for it.
    func withPackerFiles(_ body: (PackerFiles) async throws -> TaskResult) async throws -> TaskResult {
        let files = try PackerFiles(self)
        defer { files.remove() }
        do { return try await body(files) } catch let failure as PackerTaskFailure {
            guard case .endpointDataMissing = failure else { throw failure }
            report(.error, failure.summary)
            return .failed
        }
    }
}
