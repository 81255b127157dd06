extension HCLFunctions {
    /// Functions that defaults of variables may call and nothing else: the environment, and what other servers keep.
    static func inDefaults(environment: [String: String], lookups: TemplateLookups) -> [String: HCLFunction] {
        [
            "env": Self.environment(environment),
            "vault": HCLFunction(.init("path", .string), .init("key", .string), result: .string) { arguments in
                try lookups.value(.vault(path: arguments[0].textOrEmpty, key: arguments[1].textOrEmpty))
            },
            "consul_key": HCLFunction(.init("key", .string), result: .string) { arguments in
                try lookups.value(.consul(key: arguments[0].textOrEmpty))
            },
            "aws_secretsmanager": HCLFunction(
                .init("name", .string),
                variadic: .nullable("key", .string),
                result: .string
            ) { arguments in
                guard arguments.count < 3 else { throw HCLFunctionFault("it takes no more than two arguments") }
                let key = arguments.dropFirst().first?.text ?? ""
                return try lookups.value(
                    .awsSecret(name: try secretName(arguments[0]), key: key.isEmpty ? nil : key)
                )
            },
            "aws_secretsmanager_raw": HCLFunction(.init("name", .string), result: .string) { arguments in
                try lookups.value(.awsSecretText(name: try secretName(arguments[0])))
            },
        ]
    }

    private static func secretName(_ value: HCLValue) throws -> String {
        guard let name = value.text, !name.isEmpty else {
            throw HCLFunctionFault("the name of a secret is required", argument: 0)
        }
        return name
    }

    /// The same functions where they may not be called, which say so.
    static let outsideDefaults: [String: HCLFunction] = inDefaults(environment: [:], lookups: TemplateLookups())
        .mapValues { _ in
            HCLFunction(variadic: .any("arguments"), result: .string) { _ in
                throw HCLFunctionFault(
                    "it may be called in the default of a variable only; declare one, and use var.NAME here"
                )
            }
        }
}
