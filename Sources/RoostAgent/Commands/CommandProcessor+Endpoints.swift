import FoundationEssentials
import RoostModel

extension CommandProcessor {
    /// Carries out `task.setendpoint id=ID;field=authParameter|dataParameter|url;key=KEY` with VALUE as data.
    func setEndpoint(_ command: VSOCommand, _ number: Int) throws(Refusal) -> [String] {
        guard let field = command["field"] else { throw Refusal("the property 'field' is missing") }
        guard let id = command["id"] else { throw Refusal("the property 'id' is missing") }
        guard let uuid = UUID(uuidString: id) else { throw Refusal("'\(id)' is no id of a service connection") }
        if uuid == UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) {
            return [report(.warning, "The connection to the server cannot be changed by a step.", number)]
        }
        let value = command.data
        let change: (inout JobEndpoint) -> Void
        switch field.lowercased() {
        case "url":
            guard URL(string: value)?.scheme != nil else { throw Refusal("'\(value)' is no URL") }
            change = { $0.url = value }
        case "dataparameter":
            let key = try endpointKey(command)
            change = { Self.set(&$0.data, key, value) }
        case "authparameter":
            let key = try endpointKey(command)
            surroundings.masker.add(value, name: key)
            change = { Self.set(&$0.parameters, key, value) }
        default:
            throw Refusal("'\(field)' is no field of a service connection; use authParameter, dataParameter or url")
        }
        guard surroundings.endpoints.change(id, change) else {
            throw Refusal("the job has no service connection '\(id)'")
        }
        return []
    }

    private func endpointKey(_ command: VSOCommand) throws(Refusal) -> String {
        guard let key = command["key"] else { throw Refusal("the property 'key' is missing") }
        return key
    }

    /// Keeps one spelling of a key.
    private static func set(_ values: inout [String: String], _ key: String, _ value: String) {
        let known = values.keys.first { $0.lowercased() == key.lowercased() }
        values[known ?? key] = value
    }
}
