extension DeploymentFunctions {
    static let identifiers: [String: Function] = [
        "subscriptionresourceid": { call throws(DeploymentFault) in
            try call.expectCount(2...Int.max)
            let hasScope = !(try call.text(0)).contains("/")
            guard hasScope else {
                throw call.fault("The subscription is not known here.", advice: "Name it as the first argument.")
            }
            let (type, names) = try parts(call, from: 1)
            return .text("/subscriptions/\(try call.text(0))/providers/\(identifier(type, names))")
        },
        "extensionresourceid": { call throws(DeploymentFault) in
            try call.expectCount(3...Int.max)
            let (type, names) = try parts(call, from: 1)
            return .text("\(try call.text(0))/providers/\(identifier(type, names))")
        },
    ]

    /// A type and as many names as it has parts after the first.
    static func parts(
        _ call: DeploymentCall,
        from start: Int
    ) throws(DeploymentFault) -> (type: [String], names: [String]) {
        guard start < call.arguments.count else { throw call.fault("The type is missing.") }
        let type = try call.text(start).split(separator: "/").map(String.init)
        var names: [String] = []
        for index in (start + 1)..<max(start + 1, call.arguments.count) { names.append(try call.text(index)) }
        guard type.count >= 2, names.count == type.count - 1 else {
            let wanted = max(type.count - 1, 1)
            throw call.fault("The type needs \(wanted) names; \(names.count) are given.", at: start)
        }
        return (type, names)
    }

    static func identifier(_ type: [String], _ names: [String]) -> String {
        ([type[0]] + zip(type.dropFirst(), names).flatMap { [$0, $1] }).joined(separator: "/")
    }
}
