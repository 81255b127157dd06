import FoundationEssentials
import RoostModel

/// Writes and reads the JSON bodies of rows, and seals the secrets in them.
struct BodyCoding: Sendable {
    private let sealer: any SecretSealer
    private let encoder: JSONEncoder
    private let decoder: JSONDecoder

    init(sealer: any SecretSealer) {
        self.sealer = sealer
        encoder = JSONEncoder()
        // Equal bodies give equal texts, so that a plan many runs share is decoded once.
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        decoder = JSONDecoder()
    }

    func encode(_ body: some Encodable) throws -> String {
        String(decoding: try encoder.encode(body), as: UTF8.self)
    }

    /// Reads a body; `row` names the row in the error.
    func decode<Body: Decodable>(_ text: String, table: String, row: some CustomStringConvertible) throws -> Body {
        do {
            return try decoder.decode(Body.self, from: Data(text.utf8))
        } catch {
            throw StoredRowError(table: table, reason: "the body of \(row) cannot be read: \(error)")
        }
    }
}

/// A variable in a body: in the clear, or sealed when it is secret.
struct StoredValue: Codable, Hashable {
    var value: String?
    /// Base64 of the sealed value; its presence is what makes the variable secret.
    var sealed: String?
    var settable: Bool?
}

extension BodyCoding {
    /// Output variables for a body; nil when there are none.
    func store(_ variables: [String: OutputVariable], for place: String) throws -> [String: StoredValue]? {
        guard !variables.isEmpty else { return nil }
        var stored: [String: StoredValue] = [:]
        stored.reserveCapacity(variables.count)
        for (name, variable) in variables {
            stored[name] = try store(variable.value, isSecret: variable.isSecret, for: "\(place)/\(name)")
        }
        return stored
    }

    /// Variables of settings for a body; nil when there are none.
    func store(_ variables: [String: PipelineVariable], for place: String) throws -> [String: StoredValue]? {
        guard !variables.isEmpty else { return nil }
        var stored: [String: StoredValue] = [:]
        for (name, variable) in variables {
            var value = try store(variable.value, isSecret: variable.isSecret, for: "\(place)/\(name)")
            value.settable = variable.settableAtQueueTime ? true : nil
            stored[name] = value
        }
        return stored
    }

    func outputVariables(_ stored: [String: StoredValue]?, for place: String) throws -> [String: OutputVariable] {
        var variables: [String: OutputVariable] = [:]
        for (name, value) in stored ?? [:] {
            let plain = try open(value, for: "\(place)/\(name)")
            variables[name] = OutputVariable(value: plain, isSecret: value.sealed != nil)
        }
        return variables
    }

    func pipelineVariables(_ stored: [String: StoredValue]?, for place: String) throws -> [String: PipelineVariable] {
        var variables: [String: PipelineVariable] = [:]
        for (name, value) in stored ?? [:] {
            variables[name] = PipelineVariable(
                value: try open(value, for: "\(place)/\(name)"),
                isSecret: value.sealed != nil,
                settableAtQueueTime: value.settable ?? false
            )
        }
        return variables
    }

    /// A secret that has a column of its own, in base64.
    func seal(_ text: String, for place: String) throws -> String {
        try sealer.seal(text, for: place).base64EncodedString()
    }

    func open(sealed: String, for place: String) throws -> String {
        try open(StoredValue(sealed: sealed), for: place)
    }

    private func store(_ value: String, isSecret: Bool, for place: String) throws -> StoredValue {
        guard isSecret else { return StoredValue(value: value) }
        return StoredValue(sealed: try sealer.seal(value, for: place).base64EncodedString())
    }

    private func open(_ stored: StoredValue, for place: String) throws -> String {
        guard let sealed = stored.sealed else { return stored.value ?? "" }
        guard let data = Data(base64Encoded: sealed) else {
            throw StoredRowError(table: "secrets", reason: "the sealed value of \(place) is not base64")
        }
        return try sealer.open(data, for: place)
    }
}
