import Foundation
import HTTPTypes
import Hummingbird
import RoostModel

/// An artifact on the page of its run.
struct ArtifactLine {
    var run: Int
    var id: Int
    var name: String
    var type: String
    var files: String
    var size: String
    /// Where its files are, when they are not here.
    var place: String?
    var isHere: Bool

    init(_ artifact: Artifact, _ phrases: Phrases) {
        run = artifact.run.rawValue
        id = artifact.id.rawValue
        name = artifact.name
        type = artifact.kind.name
        files = artifact.content.map { $0.files == 1 ? phrases["oneFile"] : "\($0.files) \(phrases["files"])" } ?? ""
        size = artifact.content.map { Self.text($0.size) } ?? ""
        isHere = artifact.content != nil
        if case .place(_, let data) = artifact.kind { place = data }
    }

    /// Bytes for people.
    static func text(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["KB", "MB", "GB", "TB"] where bytes >= 1000 {
            value /= 1000
            if value < 1000 { return "\((value * 10).rounded() / 10) \(unit)" }
        }
        return "\(bytes) B"
    }
}

extension DashboardRoutes {
    func addArtifactPages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        page(router, "/runs/:run/artifacts/:artifact") { try await artifactPage($0, $1) }
        router.get("/runs/:run/artifacts/:artifact/zip") { request, context in
            try await content(request, context.parameters) { try await $0.archive($1, $2) }
        }
        router.get("/runs/:run/artifacts/:artifact/file") { request, context in
            let path = request.uri.queryParameters["path"].map(String.init) ?? ""
            return try await content(request, context.parameters) { try await $0.file(path, $1, $2) }
        }
    }

    private struct FileRow {
        var name: String
        var size: String
        var link: String?
        var target: String?
    }

    private struct ArtifactPage {
        var t: [String: String]
        var run: Int
        var pipeline: String
        var number: String
        var artifact: ArtifactLine
        var created: String
        var age: String
        var files: [FileRow]
        /// More files than are shown.
        var more: String?
    }

    /// Files shown on a page.
    private static let fileLimit = 1000

    private func artifactPage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let (artifact, run) = try await artifact(parameters)
        let t = request.phrases
        let entries = artifact.content == nil ? [] : try await plane.files(of: artifact, run: run)
        let base = "/runs/\(run.id)/artifacts/\(artifact.id)/file?path="
        let rows = entries.compactMap { entry -> FileRow? in
            switch entry.kind {
            case .folder: nil
            case .link(let target): FileRow(name: entry.path, size: "", target: target)
            case .file(let size, _):
                FileRow(name: entry.path, size: ArtifactLine.text(size), link: base + PercentCoding.encode(entry.path))
            }
        }
        let content = ArtifactPage(
            t: t.table,
            run: run.id.rawValue,
            pipeline: run.pipelineName,
            number: run.number,
            artifact: ArtifactLine(artifact, t),
            created: artifact.createdAt.ISO8601Format(),
            age: t.age(artifact.createdAt, now: Date()),
            files: Array(rows.prefix(Self.fileLimit)),
            more: rows.count > Self.fileLimit ? "+ \(rows.count - Self.fileLimit)" : nil
        )
        return Page(title: artifact.name, section: "runs", content: render("artifact", content))
    }

    private func artifact(_ parameters: Parameters) async throws -> (Artifact, Run) {
        let run = try await plane.run(RunID(try parameters.number("run"))).run
        let id = try parameters.number("artifact")
        guard let artifact = try await plane.artifact(ArtifactID(id)), artifact.run == run.id else {
            throw ContentError.artifactNotFound(name: "\(id)", run: run.number, known: [])
        }
        return (artifact, run)
    }

    private func content(
        _ request: Request,
        _ parameters: Parameters,
        _ make: (ArtifactAnswers, Artifact, Run) async throws -> Response
    ) async throws -> Response {
        try await requireReader(request, parameters)
        let (artifact, run) = try await artifact(parameters)
        return try await make(ArtifactAnswers(plane: plane), artifact, run)
    }
}

extension Phrases {
    /// English and Chinese.
    static let aboutArtifacts: [String: (String, String)] = [
        "artifacts": ("Artifacts", "制品"), "artifact": ("Artifact", "制品"), "files": ("files", "个文件"),
        "oneFile": ("1 file", "1 个文件"),
        "content": ("Content", "内容"),
        "size": ("Size", "大小"), "downloadZip": ("Download as zip", "下载 zip"),
        "noFiles": ("It has no files.", "没有文件。"), "elsewhere": ("Its files are at", "文件位于"),
        "published": ("Published", "发布于"), "artifactKind": ("Kind", "类型"),
    ]
}
