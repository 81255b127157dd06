import FoundationEssentials
import RoostModel

/// A stored artifact.
struct ArtifactRow: StoredRow {
    struct Body: Codable {
        enum Kind: String, Codable { case pipeline, container, place }

        var kind: Kind
        /// Of a place.
        var type: String?
        var data: String?
        var content: ContentReference?
        var properties: [String: String]?
        var source: UUID?
        var createdAt: Double
    }

    static let table = SQLTable("artifacts", columns: ["id", "run_id", "name", "body"])

    var id: Int
    var run: Int
    var name: String
    var body: String

    var values: [SQLValue] { [.integer(id), .integer(run), .text(name), .text(body)] }

    init(_ artifact: Artifact, _ coding: BodyCoding) throws {
        id = artifact.id.rawValue
        run = artifact.run.rawValue
        name = artifact.name
        var body = Body(
            kind: .pipeline,
            content: artifact.content,
            properties: artifact.properties.isEmpty ? nil : artifact.properties,
            source: artifact.source,
            createdAt: artifact.createdAt.timeIntervalSinceReferenceDate
        )
        switch artifact.kind {
        case .pipeline: break
        case .container: body.kind = .container
        case .place(let type, let data): (body.kind, body.type, body.data) = (.place, type, data)
        }
        self.body = try coding.encode(body)
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        run = try columns.integer()
        name = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> Artifact {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        let kind: Artifact.Kind =
            switch body.kind {
            case .pipeline: .pipeline
            case .container: .container
            case .place: .place(type: body.type ?? "", data: body.data ?? "")
            }
        return Artifact(
            id: ArtifactID(id),
            run: RunID(run),
            name: name,
            kind: kind,
            content: body.content,
            properties: body.properties ?? [:],
            source: body.source,
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt)
        )
    }
}
