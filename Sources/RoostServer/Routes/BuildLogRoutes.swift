import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RoostContent
import RoostModel
import RoostWire

/// Logs of a build: as a list, as lines, as text, as an archive.
func addBuildLogRoutes(to table: RouteTable) {
    let logs = "build/builds/{buildId}/logs"
    let read = RouteAccess.scope(.build).or(.job(.ownRun))

    table.get(logs, .service(.optional), access: read) { call in
        let view = try await call.run()
        if call.negotiation.prefers("application/zip") {
            return call.archive(view.run.id, view.logs, files: try await call.plane.uploadedFiles(of: view.run.id))
        }
        return try call.list(view.logs.map { call.buildLog($0, view.run.project) })
    }
    table.get("\(logs)/{logId}", .service(.optional), access: read) { call in
        try await call.log(call.run().run.id)
    }
}

extension Call {
    /// A log in the form that is asked for.
    func log(_ run: RunID) async throws -> Response {
        let id = LogID(try number("logId"))
        if negotiation.prefers("application/zip") {
            guard let log = try await plane.logs(run: run).first(where: { $0.id == id }) else {
                throw ControlError.logNotFound(id.rawValue)
            }
            return archive(run, [log])
        }
        guard negotiation.prefers("text/plain") else { return try list(await logLines(run, id)) }
        let type = "text/plain; charset=utf-8"
        if query["startLine"] != nil || query["endLine"] != nil {
            let lines = try await logLines(run, id)
            return bytes(Array((lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")).utf8), type: type)
        }
        return try await wholeLog(run, id, type)
    }

    /// Streamed in parts, so that a large log is never held in memory.
    private func wholeLog(_ run: RunID, _ log: LogID, _ type: String) async throws -> Response {
        let size = try await plane.logSize(run: run, log: log)
        let plane = plane
        let body = ResponseBody(contentLength: size) { writer in
            var offset = 0
            while offset < size {
                let part = try await plane.logBytes(run: run, log: log, range: offset..<min(size, offset + logPart))
                guard !part.isEmpty else { throw LogVanished() }
                offset += part.count
                try await writer.write(ByteBuffer(bytes: part))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: type], body: body)
    }

    /// Names within the archive: below `files`, and with the number of the file where two have one name.
    private static func named(_ files: [AttachmentEntry]) -> [(String, AttachmentEntry)] {
        var used: Set<String> = []
        return files.enumerated().map { number, file in
            let safe = file.name.map { $0 == "/" || $0 == "\\" ? "_" : $0 }.reduce(into: "") { $0.append($1) }
            let plain = "files/\(safe == ".." || safe == "." ? "_" : safe)"
            let name = used.insert(plain).inserted ? plain : "files/\(number + 1)-\(safe)"
            return (name, file)
        }
    }

    /// An archive of logs, made while it is sent.
    fileprivate func archive(_ run: RunID, _ logs: [RunLog], files: [AttachmentEntry] = []) -> Response {
        let plane = plane
        let body = ResponseBody { writer in
            var archive = ZipArchive()
            for log in logs {
                try await writer.write(ByteBuffer(bytes: archive.begin("\(log.id).txt", at: log.createdAt)))
                var offset = 0
                while true {
                    let part = try await plane.logBytes(run: run, log: log.id, range: offset..<(offset + logPart))
                    guard !part.isEmpty else { break }
                    offset += part.count
                    archive.add(part)
                    try await writer.write(ByteBuffer(bytes: part))
                }
                try await writer.write(ByteBuffer(bytes: archive.end()))
            }
            for (name, file) in Self.named(files) {
                let record = RecordID(file.record)
                guard
                    let bytes = try await plane.attachment(run: run, record: record, type: file.type, name: file.name)
                else { continue }
                try await writer.write(ByteBuffer(bytes: archive.begin(name, at: Date())))
                archive.add(bytes)
                try await writer.write(ByteBuffer(bytes: bytes))
                try await writer.write(ByteBuffer(bytes: archive.end()))
            }
            try await writer.write(ByteBuffer(bytes: archive.finish()))
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/zip", .contentDisposition: "attachment; filename=\"logs_\(run).zip\"",
            ],
            body: body
        )
    }
}

/// Bytes of a log that are read at once.
private let logPart = 1 << 20

/// A log was removed while it was sent; the connection ends, for the answer cannot be completed.
private struct LogVanished: Error {}
