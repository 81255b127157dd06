extension HCLFunctions {
    static let dates: [String: HCLFunction] = [
        "formatdate": HCLFunction(.init("format", .string), .init("time", .string), result: .string) { arguments in
            guard let time = Timestamp(arguments[1].textOrEmpty) else { throw notATimestamp(arguments[1], 1) }
            return .string(try DatePattern.format(time, arguments[0].textOrEmpty))
        },
        "timeadd": HCLFunction(.init("timestamp", .string), .init("duration", .string), result: .string) { arguments in
            guard var time = Timestamp(arguments[0].textOrEmpty) else { throw notATimestamp(arguments[0], 0) }
            guard let duration = GoDuration(arguments[1].textOrEmpty) else {
                throw HCLFunctionFault(
                    "not a valid duration: \"\(arguments[1].textOrEmpty)\"; write it like 1h30m",
                    argument: 1
                )
            }
            time.add(nanoseconds: duration.nanoseconds)
            return .string(time.description)
        },
        "rfc3339_parse": HCLFunction(.init("timestamp", .string)) { arguments in
            guard let time = Timestamp(arguments[0].textOrEmpty) else { throw notATimestamp(arguments[0], 0) }
            return time.parts
        },
        "unix_timestamp_parse": HCLFunction(.init("unix_timestamp", .number)) { arguments in
            let seconds = try arguments[0].whole(0)
            guard abs(seconds) < 250_000_000_000 else { throw HCLFunctionFault("value is too large", argument: 0) }
            return Timestamp(seconds: seconds, nanoseconds: 0, offset: 0).parts
        },
    ]

    private static func notATimestamp(_ value: HCLValue, _ argument: Int) -> HCLFunctionFault {
        HCLFunctionFault(
            "not a valid RFC3339 timestamp: \"\(value.textOrEmpty)\"; write it like 2006-01-02T15:04:05Z",
            argument: argument
        )
    }
}
