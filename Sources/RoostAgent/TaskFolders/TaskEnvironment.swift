import FoundationEssentials
import RoostLanguage
import RoostModel

/// The environment by which tasks of the vendor's task library read what they are given.
struct TaskEnvironment {
    let manifest: TaskManifest
    let work: StepWork

    /// The inputs with defaults, by the names of `task.json`; paths are below the sources, connections and secure files are ids.
    var inputs: [(name: String, value: String)] {
        var values: [(name: String, value: String)] = []
        var taken: Set<String> = []
        for input in manifest.inputs {
            let names = [input.name] + input.aliases
            taken.formUnion(names.map { $0.lowercased() })
            let given = names.lazy.compactMap { work.inputs[$0.lowercased()] }.first
            values.append((input.name, value(given ?? work.variables.expand(input.defaultValue), of: input)))
        }
        let others = work.inputs.filter { !taken.contains($0.key) }.sorted { $0.key < $1.key }
        return values + others.map { ($0.key, $0.value.trimmingWhitespace) }
    }

    private func value(_ text: String, of input: TaskManifestInput) -> String {
        let text = text.trimmingWhitespace
        if input.isPath { return path(text) }
        if input.isConnection {
            return text.split(separator: ",").map { part in
                let name = String(part).trimmingWhitespace
                return work.endpoints.find(name)?.id ?? name
            }.joined(separator: ",")
        }
        if input.isSecureFile { return work.secureFile(text)?.id ?? text }
        return text
    }

    /// An empty path is the sources themselves, which the task library takes for none.
    private func path(_ text: String) -> String {
        let base = work.variables["Build.SourcesDirectory"] ?? work.folders.sources
        return text.isEmpty ? base : work.absolute(text, below: base)
    }

    /// The value of an input by its name or an alias.
    func input(_ name: String) -> String? {
        let own = manifest.input(name)?.name ?? name
        return inputs.first { equalIgnoringCase($0.name, own) }?.value
    }

    /// All of it.
    ///
    /// - Parameter hasSecrets: with the secrets, for handlers whose library takes them out of the environment.
    /// - Returns: by name.
    func values(hasSecrets: Bool) -> [String: String] {
        var values: [String: String] = [:]
        let inputs = inputs
        for (name, value) in inputs { values["INPUT_\(JobVariables.environmentName(name))"] = value }
        if hasSecrets { addVariables(&values) }
        for endpoint in endpoints(inputs) { add(endpoint, &values) }
        for file in files(inputs) {
            values["SECUREFILE_NAME_\(file.id)"] = file.name
            values["SECUREFILE_TICKET_\(file.id)"] = file.ticket
        }
        return values
    }

    private func addVariables(_ values: inout [String: String]) {
        let all = work.variables.all.sorted { $0.name < $1.name }
        for entry in all where entry.isSecret {
            values["SECRET_\(JobVariables.environmentName(entry.name))"] = entry.value
        }
        values["VSTS_PUBLIC_VARIABLES"] = Self.json(all.filter { !$0.isSecret }.map(\.name))
        values["VSTS_SECRET_VARIABLES"] = Self.json(all.filter(\.isSecret).map(\.name))
    }

    /// The connections that inputs name, and that to the server.
    private func endpoints(_ inputs: [(name: String, value: String)]) -> [JobEndpoint] {
        let named = inputs.filter { manifest.input($0.name)?.isConnection ?? false }
        let ids = named.flatMap { $0.value.split(separator: ",").map(String.init) }
        var found: [JobEndpoint] = []
        for endpoint in ids.compactMap(work.endpoints.find) where !found.contains(where: { $0.id == endpoint.id }) {
            found.append(endpoint)
        }
        return found + work.endpoints.all.filter(\.isSystemConnection)
    }

    private func files(_ inputs: [(name: String, value: String)]) -> [JobSecureFile] {
        let named = inputs.filter { manifest.input($0.name)?.isSecureFile ?? false }.map(\.value)
        return work.order.secureFiles.filter { named.contains($0.id) }
    }

    private func add(_ endpoint: JobEndpoint, _ values: inout [String: String]) {
        let key = endpoint.isSystemConnection ? endpoint.name.uppercased() : endpoint.id
        values["ENDPOINT_URL_\(key)"] = endpoint.url
        values["ENDPOINT_AUTH_\(key)"] = Self.authorization(endpoint)
        values["ENDPOINT_AUTH_SCHEME_\(key)"] = endpoint.scheme
        for (name, value) in endpoint.parameters {
            values["ENDPOINT_AUTH_PARAMETER_\(key)_\(JobVariables.environmentName(name))"] = value
        }
        values["ENDPOINT_DATA_\(key)"] = Self.json(endpoint.data)
        for (name, value) in endpoint.data {
            values["ENDPOINT_DATA_\(key)_\(JobVariables.environmentName(name))"] = value
        }
    }

    private struct Authorization: Encodable {
        var parameters: [String: String]
        var scheme: String
    }

    private static func authorization(_ endpoint: JobEndpoint) -> String {
        json(Authorization(parameters: endpoint.parameters, scheme: endpoint.scheme))
    }

    private static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
