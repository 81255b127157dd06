import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import RoostContent
import RoostModel
import RoostStore

/// Answers with the content of artifacts: archives and single files, for clients and for browsers.
///
/// Up to ``checkedFirst`` bytes are read and checked before an answer begins, so that damage is told in words; beyond that it breaks the connection.
struct ArtifactAnswers: Sendable {
    let plane: ControlPlane

    private static let checkedFirst = 64 << 20

    // MARK: Archives

    /// An archive made while it is sent, with paths `NAME/path`, as Azure DevOps has it.
    func archive(_ artifact: Artifact, _ run: Run, subPath: String? = nil) async throws -> Response {
        var reader = try await plane.reader(artifact, of: run)
        let below = subPath.map { $0.split(separator: "/").joined(separator: "/") } ?? ""
        let entries = reader.manifest.entries.filter { entry in
            below.isEmpty || entry.path == below || entry.path.hasPrefix("\(below)/")
        }
        guard !entries.isEmpty || below.isEmpty else {
            throw ContentError.fileNotFound(path: below, artifact: artifact.name)
        }
        if entries.reduce(0, { $0 + $1.size }) <= Self.checkedFirst { try await reader.checkAll(entries) }
        let name = artifact.name
        let body = ResponseBody { [reader, logger = plane.logger] writer in
            do {
                try await Self.write(entries, of: name, reader, &writer)
            } catch let error as ContentError {
                logger.error("an archive could not be completed", metadata: ["error": "\(error.summary)"])
                throw error
            }
        }
        return Response(status: .ok, headers: Self.headers("\(name).zip", "application/zip"), body: body)
    }

    private static func write(
        _ entries: [ContentManifest.Entry],
        of name: String,
        _ reader: ContentReader,
        _ writer: inout any ResponseBodyWriter
    ) async throws {
        var reader = reader
        var archive = ZipArchive()
        for entry in entries {
            let moment = Date(timeIntervalSince1970: Double(entry.modified) * 1e-9)
            var path = "\(name)/\(entry.path)"
            var mode = entry.mode
            switch entry.kind {
            case .folder:
                path += "/"
                mode |= 0o040000
            case .file: mode |= 0o100000
            case .link: mode = 0o120777
            }
            try await writer.write(ByteBuffer(bytes: archive.begin(path, at: moment, mode: mode)))
            if case .link(let target) = entry.kind {
                archive.add(Array(target.utf8))
                try await writer.write(ByteBuffer(string: target))
            }
            try await reader.read(entry) { bytes in
                archive.add(bytes)
                try await writer.write(ByteBuffer(bytes: bytes))
            }
            try await writer.write(ByteBuffer(bytes: archive.end()))
        }
        try await writer.write(ByteBuffer(bytes: archive.finish()))
        try await writer.finish(nil)
    }

    // MARK: Single files

    /// A file of an artifact as it is.
    func file(_ path: String, _ artifact: Artifact, _ run: Run) async throws -> Response {
        var reader = try await plane.reader(artifact, of: run)
        let wanted = path.split(separator: "/").joined(separator: "/")
        guard let entry = reader.manifest.entries.first(where: { $0.path == wanted && $0.isFile }) else {
            throw ContentError.fileNotFound(path: wanted, artifact: artifact.name)
        }
        if entry.size <= Self.checkedFirst { try await reader.checkAll([entry]) }
        let body = ResponseBody(contentLength: entry.size) { [reader] writer in
            var reader = reader
            try await reader.read(entry) { try await writer.write(ByteBuffer(bytes: $0)) }
            try await writer.finish(nil)
        }
        let name = String(wanted.split(separator: "/").last ?? "file")
        return Response(status: .ok, headers: Self.headers(name, "application/octet-stream"), body: body)
    }

    /// Headers of something that browsers save; what jobs made is never shown as a page of this server.
    private static func headers(_ name: String, _ type: String) -> HTTPFields {
        let plain = String(name.unicodeScalars.map { $0.isASCII && $0.value >= 32 && $0 != "\"" ? Character($0) : "_" })
        return [
            .contentType: type,
            .contentDisposition:
                "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(PercentCoding.encode(name))",
            .xContentTypeOptions: "nosniff",
        ]
    }
}
