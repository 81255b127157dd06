import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostStore

extension ManagedImageTemplate {
    static let prefix = "image-template:"
    /// In an organization.
    static let limit = 1000

    /// Those of a store.
    static func all(_ settings: [String: Data]) -> [String: ManagedImageTemplate] {
        let decoder = JSONDecoder()
        var found: [String: ManagedImageTemplate] = [:]
        for (name, value) in settings where name.hasPrefix(prefix) {
            guard let template = try? decoder.decode(ManagedImageTemplate.self, from: value) else { continue }
            found[template.key] = template
        }
        return found
    }
}

extension ControlState {
    func imageTemplate(_ name: String) throws(ControlError) -> ManagedImageTemplate {
        guard let template = imageTemplates[name.lowercased()] else {
            throw .imageTemplate(.notFound(name, near: nearName(name, among: imageTemplates.values.map(\.name))))
        }
        return template
    }

    mutating func put(_ template: ManagedImageTemplate, _ change: inout ControlChange) throws(ControlError) {
        guard let value = try? JSONEncoder().encode(template) else {
            throw .imageTemplate(.notKept(template.name, reason: "it cannot be written as JSON"))
        }
        imageTemplates[template.key] = template
        change.store.append(.putSetting(name: ManagedImageTemplate.prefix + template.key, value: value))
    }

    mutating func remove(_ template: ManagedImageTemplate, _ change: inout ControlChange) {
        imageTemplates[template.key] = nil
        change.store.append(.deleteSetting(name: ManagedImageTemplate.prefix + template.key))
    }
}
