import AsyncHTTPClient
public import FoundationEssentials
import Glibc
import NIOCore
public import RoostWire

/// Installed tasks and secure files.
extension RoostClient {
    /// Installed and built-in tasks.
    ///
    /// - Parameter allVersions: not only the newest of each major version.
    /// - Returns: by name and version.
    /// - Throws: ``ClientError``.
    public func tasks(allVersions: Bool = true) async throws(ClientError) -> [TaskDefinitionWire] {
        try await call(
            Call(
                method: "GET",
                path: "_apis/distributedtask/tasks",
                query: [("allVersions", allVersions ? "true" : "false")]
            ),
            as: WireList<TaskDefinitionWire>.self
        ).value
    }

    /// Installs a package, a ZIP archive with `task.json` at its top.
    public func installTask(
        id: String,
        archive: String,
        overwrite: Bool,
        contribution: String?
    ) async throws(ClientError) -> TaskDefinitionWire {
        let call = Call(
            method: "PUT",
            path: "_apis/distributedtask/tasks/\(Self.escape(id))",
            query: [("overwrite", overwrite ? "true" : "false"), ("contribution", contribution)],
            contentType: "application/octet-stream",
            timeout: .seconds(1200)
        )
        return try await upload(call, file: archive)
    }

    /// Removes versions of a task.
    public func deleteTask(id: String, version: String) async throws(ClientError) {
        try await callForNothing(
            Call(method: "DELETE", path: "_apis/distributedtask/tasks/\(Self.escape(id))/\(Self.escape(version))")
        )
    }

    /// Fetches the package of a task into a file; gives the SHA-256 that the server tells of it.
    public func downloadTask(id: String, version: String, to path: String) async throws(ClientError) -> String? {
        let call = Call(
            method: "GET",
            path: "_apis/distributedtask/tasks/\(Self.escape(id))/\(Self.escape(version))",
            accept: "application/zip",
            // That of the vendor's agent.
            timeout: .seconds(1200)
        )
        return try await download(call, to: path, mode: 0o600)["x-roost-sha256"]
    }

    // MARK: Secure files

    public func secureFiles(project: String) async throws(ClientError) -> [SecureFileWire] {
        try await call(
            Call(method: "GET", path: Self.secureFiles(project)),
            as: WireList<SecureFileWire>.self
        ).value
    }

    public func addSecureFile(
        project: String,
        name: String,
        file: String
    ) async throws(ClientError) -> SecureFileWire {
        let call = Call(
            method: "POST",
            path: Self.secureFiles(project),
            query: [("name", name)],
            contentType: "application/octet-stream"
        )
        return try await upload(call, file: file)
    }

    public func deleteSecureFile(project: String, id: UUID) async throws(ClientError) {
        try await callForNothing(
            Call(method: "DELETE", path: "\(Self.secureFiles(project))/\(id.uuidString.lowercased())")
        )
    }

    /// Fetches a secure file into a new file that only this user can read.
    public func downloadSecureFile(
        project: String,
        id: String,
        ticket: String,
        to path: String
    ) async throws(ClientError) {
        let call = Call(
            method: "GET",
            path: "\(Self.secureFiles(project))/\(Self.escape(id))",
            query: [("ticket", ticket), ("download", "true")],
            accept: "application/octet-stream"
        )
        _ = try await download(call, to: path, mode: 0o600)
    }

    private static func secureFiles(_ project: String) -> String {
        "\(escape(project))/_apis/distributedtask/securefiles"
    }

    // MARK: Files

    /// Writes an answer into a file as it comes, anew at each try; gives the headers.
    func download(_ call: Call, to path: String, mode: mode_t) async throws(ClientError) -> [String: String] {
        let file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode)
        guard file >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
        defer { Glibc.close(file) }
        return try await receive(call) { buffer throws(ClientError) in
            guard let buffer else {
                guard ftruncate(file, 0) == 0, lseek(file, 0, SEEK_SET) == 0 else {
                    throw .file(path: path, reason: String(cString: strerror(errno)))
                }
                return
            }
            var rest = buffer.readableBytesView[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Sends a file as a body, part by part.
    func upload<Value: Decodable & Sendable>(_ call: Call, file: String) async throws(ClientError) -> Value {
        var call = call
        call.file = file
        // The body is read once.
        call.retries = 0
        return try await self.call(call)
    }
}
