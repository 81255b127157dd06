import Crypto
import FoundationEssentials
import RoostContent
import RoostLanguage
import RoostModel
import RoostStore

extension ControlPlane {
    /// Secure files of a project, by name.
    func secureFiles(in project: ProjectID) -> [SecureFile] {
        read { state in
            state.secureFiles.values.filter { $0.project == project.rawValue }
                .sorted { $0.name.lowercased() < $1.name.lowercased() }
        }
    }

    /// One by its id or its name.
    func secureFile(_ nameOrID: String, in project: ProjectID) throws(SecureFileError) -> SecureFile {
        let wanted = nameOrID.lowercased()
        let all = secureFiles(in: project)
        guard
            let file = all.first(where: { $0.id.uuidString.lowercased() == wanted })
                ?? all.first(where: { $0.name.lowercased() == wanted })
        else { throw .notFound(nameOrID) }
        return file
    }

    func addSecureFile(
        _ name: String,
        _ bytes: [UInt8],
        in project: ProjectID,
        by caller: Caller
    ) async throws -> SecureFile {
        let isFine =
            !name.isEmpty && name.utf8.count <= 200 && name != "." && name != ".."
            && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 || $0 == 0x7F }
        guard isFine else { throw SecureFileError.nameInvalid(name) }
        guard bytes.count <= SecureFile.limit else { throw SecureFileError.tooLarge }
        guard (try? secureFile(name, in: project)) == nil else { throw SecureFileError.nameTaken(name) }
        var file = SecureFile(
            id: UUID(),
            project: project.rawValue,
            name: name,
            size: bytes.count,
            chunks: [],
            createdAt: Date(),
            createdBy: caller.auditName
        )
        file.chunks = try await SecureFile.keep(
            sealer.seal(Data(bytes).base64EncodedString(), for: file.place),
            in: chunks
        )
        return try await keep(file, by: caller)
    }

    private func keep(_ file: SecureFile, by caller: Caller) async throws -> SecureFile {
        let value = try JSONEncoder().encode(file)
        return try await change { state, change in
            state.secureFiles[file.id] = file
            change.store.append(.putSetting(name: file.settingName, value: value))
            change.audit(caller, "secure-file.add", "secure-file:\(file.id.uuidString.lowercased())", file.name)
            state.giveOwner(of: .secureFile(file.id.uuidString), to: caller, &change)
            return file
        }
    }

    func deleteSecureFile(_ file: SecureFile, by caller: Caller) async throws {
        try await change { state, change in
            state.secureFiles[file.id] = nil
            change.store.append(.deleteSetting(name: file.settingName))
            change.audit(caller, "secure-file.delete", "secure-file:\(file.id.uuidString.lowercased())", file.name)
            state.forgetRoles(on: .secureFile(file.id.uuidString), &change)
        }
    }

    // MARK: Jobs

    /// What opens a file for one job and no other.
    func ticket(for file: SecureFile, job: JobID) -> String {
        currentIdentity.issuer.stamp("secure-file:\(file.id.uuidString.lowercased()):\(job)")
    }

    /// The bytes of a file for a job whose steps name it.
    ///
    /// - Throws: ``SecureFileError`` for another job's ticket, and for a job that does not name it.
    func openSecureFile(_ file: SecureFile, ticket: String, job: JobID) async throws -> [UInt8] {
        guard Self.equal(ticket, self.ticket(for: file, job: job)) else { throw SecureFileError.noTicket(file.name) }
        let named = read { state in
            state.job(job).map { job in
                guard job.state.lease != nil, let planned = state.plannedJob(of: job) else { return [String]() }
                return state.secureFileNames(of: planned, job)
            }
        }
        let id = file.id.uuidString.lowercased()
        guard named?.contains(where: { $0 == file.name.lowercased() || $0 == id }) ?? false else {
            throw SecureFileError.notNamed(file.name)
        }
        let text = try sealer.open(try await file.sealedBytes(chunks), for: file.place)
        guard let bytes = Data(base64Encoded: text) else {
            throw ContentError.fileNotFound(path: file.name, artifact: "secure files")
        }
        return [UInt8](bytes)
    }

    /// Takes as long for a wrong text as for the right one.
    private static func equal(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | $1.0 ^ $1.1 } == 0
    }
}
