import Foundation
import RoostLanguage
import RoostTemplate

/// The plan of a template as scripts read it.
struct ImagePlanJSON: Encodable {
    struct Variable: Encodable {
        var name: String
        var description: String?
        var required: Bool?
        var sensitive: Bool
        var `default`: JSONValue?
        var value: JSONValue?

        init(_ variable: ImageVariable, isLocal: Bool = false) {
            name = variable.name
            description = variable.description
            required = isLocal ? nil : variable.isRequired
            sensitive = variable.isSensitive || variable.value?.hasSensitivePart == true
            `default` = variable.defaultValue.map { JSONValue($0, isSecret: variable.isSensitive) }
            value = variable.value.map { JSONValue($0, isSecret: variable.isSensitive) }
        }
    }

    struct Step: Encodable {
        var type: String
        var name: String?
        var pauseBeforeSeconds: Double?
        var timeoutSeconds: Double?
        var retries: Int?
        var continuesOnError: Bool?
        var keepsInputArtifact: Bool?
        var settings: JSONValue
        var line: Int?
        var file: String?

        init(_ step: ImageStep) {
            type = step.type
            name = step.name
            pauseBeforeSeconds = step.pauseBefore == .zero ? nil : step.pauseBefore / .seconds(1)
            timeoutSeconds = step.timeout == .zero ? nil : step.timeout / .seconds(1)
            retries = step.retries == 0 ? nil : step.retries
            continuesOnError = step.continuesOnError ? true : nil
            keepsInputArtifact = step.keepsInputArtifact
            settings = JSONValue(step.settings)
            let span = step.range?.span
            line = span?.start.line
            file = span?.file
        }
    }

    struct Target: Encodable {
        var name: String
        var type: String
        var settings: JSONValue
        var provisioners: [Step]
        var errorCleanupProvisioner: Step?
        var validations: [Step]?
        var postProcessors: [[Step]]

        init(_ target: ImageTarget) {
            name = target.name
            type = target.type
            settings = JSONValue(target.settings)
            provisioners = target.provisioners.map(Step.init)
            errorCleanupProvisioner = target.errorCleanup.map(Step.init)
            validations = target.validations.isEmpty ? nil : target.validations.map(Step.init)
            postProcessors = target.postProcessors.map { $0.map(Step.init) }
        }
    }

    /// Grows when a field changes its meaning.
    var version = 1
    var language: String
    var description: String?
    var variables: [Variable]
    var locals: [Variable]
    var targets: [Target]

    init(_ plan: ImagePlan) {
        language = plan.language.rawValue
        description = plan.description
        variables = plan.variables.map { Variable($0) }
        locals = plan.locals.map { Variable($0, isLocal: true) }
        targets = plan.targets.map(Target.init)
    }
}

/// Any value as JSON; what is secret is replaced, what is known later is written as its expression.
indirect enum JSONValue: Encodable {
    case null
    case text(String)
    case number(Decimal)
    case truth(Bool)
    case list([JSONValue])
    case object([(String, JSONValue)])

    init(_ value: HCLValue, isSecret: Bool = false) {
        guard !isSecret, !value.isSensitive else {
            self = .text(SecretTexts.replacement)
            return
        }
        switch value.content {
        case .null, .unknown: self = .null
        case .string(let text): self = .text(text)
        case .number(let number): self = Self.number(number)
        case .bool(let truth): self = .truth(truth)
        case .elements(let elements): self = .list(elements.map { JSONValue($0) })
        case .attributes(let attributes):
            self = .object(attributes.sorted { $0.key < $1.key }.map { ($0.key, JSONValue($0.value)) })
        }
    }

    init(_ value: SettingValue) {
        guard !value.isSensitive else {
            self = .text(SecretTexts.replacement)
            return
        }
        switch value.form {
        case .null: self = .null
        case .text(let text), .template(let text): self = .text(text)
        case .number(let number): self = Self.number(number)
        case .truth(let truth): self = .truth(truth)
        case .list(let elements): self = .list(elements.map { JSONValue($0) })
        case .object(let settings): self.init(settings)
        case .later(let expression): self = .text(expression.templateText)
        }
    }

    init(_ settings: ImageSettings) {
        self = .object(settings.entries.map { ($0.name, JSONValue($0.value)) })
    }

    private static func number(_ number: HCLNumber) -> JSONValue {
        Decimal(string: number.description).map(JSONValue.number) ?? .text(number.description)
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .list(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .object(let entries):
            var container = encoder.container(keyedBy: Key.self)
            for (name, value) in entries { try container.encode(value, forKey: Key(name)) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .truth(let truth): try container.encode(truth)
            default: try container.encodeNil()
            }
        }
    }
}
