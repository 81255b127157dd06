extension HCLFunctions {
    static let networks: [String: HCLFunction] = [
        "cidrhost": HCLFunction(.init("prefix", .string), .init("hostnum", .number), result: .string) { arguments in
            let prefix = try prefix(arguments[0])
            guard let address = prefix.host(try arguments[1].whole(1)) else {
                throw HCLFunctionFault(
                    "prefix of \(prefix.length) does not accommodate a host numbered \(arguments[1].numeralOrZero)",
                    argument: 1
                )
            }
            return .string(address.description)
        },
        "cidrnetmask": HCLFunction(.init("prefix", .string), result: .string) { arguments in
            let prefix = try prefix(arguments[0])
            guard !prefix.address.isV6 else {
                throw HCLFunctionFault(
                    "IPv6 addresses cannot have a netmask: \"\(arguments[0].textOrEmpty)\"",
                    argument: 0
                )
            }
            return .string(IPAddress(prefix.mask, isV6: false).description)
        },
        "cidrsubnet": HCLFunction(
            .init("prefix", .string),
            .init("newbits", .number),
            .init("netnum", .number),
            result: .string
        ) { arguments in
            let prefix = try prefix(arguments[0])
            let (bits, number) = (try arguments[1].whole(1), try arguments[2].whole(2))
            guard bits >= 0, prefix.length + bits <= prefix.address.width else {
                throw HCLFunctionFault(
                    "insufficient address space to extend prefix of \(prefix.length) by \(bits)",
                    argument: 1
                )
            }
            guard number >= 0, bits >= 63 || number >> bits == 0 else {
                throw HCLFunctionFault(
                    "prefix extension of \(bits) does not accommodate a subnet numbered \(number)",
                    argument: 2
                )
            }
            return .string(prefix.subnet(bits, number: UInt128(number)).description)
        },
        "cidrsubnets": HCLFunction(
            .init("prefix", .string),
            variadic: .init("newbits", .number),
            result: .list(.string),
            body: subnets
        ),
    ]

    private static func prefix(_ value: HCLValue) throws -> IPPrefix {
        guard let prefix = IPPrefix(value.textOrEmpty) else {
            throw HCLFunctionFault("invalid CIDR expression: invalid CIDR address: \(value.textOrEmpty)", argument: 0)
        }
        return prefix
    }

    /// One after the other, each where the one before ends or at the next place that fits its size.
    private static func subnets(_ arguments: [HCLValue]) throws -> HCLValue {
        let prefix = try prefix(arguments[0])
        var (result, next): ([HCLValue], UInt128) = ([], prefix.address.value)
        let end = prefix.last
        for place in arguments.indices.dropFirst() {
            let bits = try arguments[place].whole(place)
            guard bits >= 1 else { throw HCLFunctionFault("must extend prefix by at least one bit", argument: place) }
            guard bits <= 32 else {
                throw HCLFunctionFault("may not extend prefix by more than 32 bits", argument: place)
            }
            let length = prefix.length + bits
            guard length <= prefix.address.width else {
                throw HCLFunctionFault(
                    "would extend prefix to \(length) bits, which is too long for an \(prefix.address.isV6 ? "IPv6" : "IPv4") address",
                    argument: place
                )
            }
            let size = UInt128(1) << UInt128(prefix.address.width - length)
            let start = (next + (size - 1)) & ~(size - 1)
            guard start >= next, start <= end, end - start >= size - 1 else {
                throw HCLFunctionFault(
                    "not enough remaining address space for a subnet with a prefix of \(length) bits",
                    argument: place
                )
            }
            result.append(
                .string(IPPrefix(address: IPAddress(start, isV6: prefix.address.isV6), length: length).description)
            )
            let following = start.addingReportingOverflow(size)
            next = following.overflow ? .max : following.partialValue
        }
        return .list(result, of: .string)
    }
}
