public import RoostTemplate

/// Gets the answers to what templates ask for from the servers that know them.
public struct LookupService: Sendable {
    /// Which servers may be asked.
    public struct Permission: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Vault, Consul and AWS Secrets Manager.
        public static let secrets = Permission(rawValue: 1)
        /// Those that data sources name.
        public static let dataSources = Permission(rawValue: 2)
    }

    private let environment: LookupEnvironment
    private let permission: Permission

    public init(_ environment: LookupEnvironment, allowing permission: Permission) {
        self.environment = environment
        self.permission = permission
    }

    /// Asks for all at once; what may not be asked has no answer.
    public func answers(_ lookups: [TemplateLookup]) async -> [TemplateLookup: TemplateAnswer] {
        let allowed = lookups.filter { permission.contains($0.isSensitive ? .secrets : .dataSources) }
        return await withTaskGroup(of: (TemplateLookup, TemplateAnswer).self) { group in
            // Few at a time, so that no server takes it for an attack.
            var rest = allowed.makeIterator()
            for lookup in rest.next(4) { group.addTask { (lookup, await answer(lookup)) } }
            var answers: [TemplateLookup: TemplateAnswer] = [:]
            for await (lookup, answer) in group {
                answers[lookup] = answer
                if let next = rest.next() { group.addTask { (next, await self.answer(next)) } }
            }
            return answers
        }
    }

    private func answer(_ lookup: TemplateLookup) async -> TemplateAnswer {
        do throws(LookupFailure) {
            switch lookup {
            case .vault(let path, let key):
                return .found(.string(try await VaultReader(environment: environment).value(path: path, key: key)))
            case .consul(let key):
                return .found(.string(try await ConsulReader(environment: environment).value(key: key)))
            case .awsSecret(let name, let key):
                return .found(.string(try await AWSSecretReader(environment: environment).value(name: name, key: key)))
            case .awsSecretText(let name):
                return .found(.string(try await AWSSecretReader(environment: environment).text(name: name)))
            case .http(let request): return .found(try await PageReader(environment: environment).value(request))
            }
        } catch { return .failed(error.sentences) }
    }
}

extension IteratorProtocol {
    fileprivate mutating func next(_ count: Int) -> [Element] {
        var elements: [Element] = []
        while elements.count < count, let element = next() { elements.append(element) }
        return elements
    }
}
