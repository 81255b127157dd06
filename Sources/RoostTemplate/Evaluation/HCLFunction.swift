/// A function that expressions may call.
public struct HCLFunction: Sendable {
    /// A parameter and what may be given for it.
    public struct Parameter: Sendable {
        public var name: String
        public var type: HCLType
        /// Whether it may be null.
        var takesNull = false
        /// Whether the function itself deals with what is not known yet.
        var takesUnknown = false

        public init(_ name: String, _ type: HCLType) {
            self.name = name
            self.type = type
        }

        /// One that may be null.
        static func nullable(_ name: String, _ type: HCLType) -> Parameter {
            var parameter = Parameter(name, type)
            parameter.takesNull = true
            return parameter
        }

        /// One that may be null or not known.
        static func any(_ name: String, _ type: HCLType = .dynamic) -> Parameter {
            var parameter = Parameter(name, type)
            parameter.takesNull = true
            parameter.takesUnknown = true
            return parameter
        }

        /// One that may be known in part only.
        static func partial(_ name: String, _ type: HCLType = .dynamic) -> Parameter {
            var parameter = Parameter(name, type)
            parameter.takesUnknown = true
            return parameter
        }
    }

    /// How it is called.
    enum Form: Sendable {
        /// With values.
        case ordinary(@Sendable ([HCLValue]) throws -> HCLValue)
        /// With expressions: the first that has no problem.
        case firstThatWorks
        /// With an expression: whether it has no problem.
        case works
        /// With a value and a type.
        case convert
    }

    let parameters: [Parameter]
    /// Takes all further arguments.
    let variadic: Parameter?
    /// What is known of the result when an argument is not known.
    let result: HCLType
    let form: Form

    init(_ parameters: [Parameter], variadic: Parameter? = nil, result: HCLType = .dynamic, form: Form) {
        self.parameters = parameters
        self.variadic = variadic
        self.result = result
        self.form = form
    }

    /// A function of values; arguments have been converted to the types of the parameters, and hold no marks.
    ///
    /// The result is secret when an argument is.
    public init(
        _ parameters: Parameter...,
        variadic: Parameter? = nil,
        result: HCLType = .dynamic,
        body: @escaping @Sendable ([HCLValue]) throws -> HCLValue
    ) {
        self.init(parameters, variadic: variadic, result: result, form: .ordinary(body))
    }

    func parameter(_ place: Int) -> Parameter? { place < parameters.count ? parameters[place] : variadic }
}

/// Why a function has no result, as the end of a sentence.
public struct HCLFunctionFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The argument that is wrong, counted from 0; nil when it is the call as a whole.
    public var argument: Int?
    public var reason: String

    public init(_ reason: String, argument: Int? = nil) {
        self.reason = reason
        self.argument = argument
    }

    public var description: String { reason }
}
