import RoostLanguage
import RoostTemplate

extension AzureCheck {
    /// The network has to be there once, where the machine is, with the subnet.
    mutating func checkNetwork(in location: String?) {
        guard let network = build.network else { return }
        guard isSubscriptionUsable(network.subscription, at: network.name.span) else { return }
        let known = answer(.networks(network.subscription), at: network.name.span)
        if let group = network.group {
            checkGroup(
                group.text,
                network.subscription,
                "in which the virtual network of \(build.name) is",
                location,
                at: group.span
            )
        }
        guard case .found(.networks(let all)) = known else { return }
        let named = all.filter { found in
            equalIgnoringCase(found.name, network.name.text)
                && (network.group.map { equalIgnoringCase(found.group, $0.text) } ?? true)
        }
        guard let found = named.first else { return findNoNetwork(network, all, location) }
        guard named.count == 1 else { return findSeveral(network, named) }
        check(found, network, location)
    }

    private func id(_ network: AzureBuild.Network, _ group: String) -> AzureResourceID {
        AzureResourceID(
            subscription: subscription(network.subscription),
            resourceGroup: group,
            type: AzureType.network,
            names: [network.name.text]
        )
    }

    private mutating func findNoNetwork(_ network: AzureBuild.Network, _ all: [NetworkFact], _ location: String?) {
        let group = network.group?.text ?? build.group?.text
        let near = nearName(network.name.text, among: all.map(\.name).sorted())
        let subnet = network.subnet.map { AzureDraft.Subnet(name: $0.text, prefix: AddressRange.firstSubnet.text) }
        let draft = AzureDraft(
            id(network, group ?? "GROUP"),
            location: location ?? "REGION",
            .network(prefix: AddressRange.standard.text, subnet: subnet)
        )
        problem(
            "network",
            "The virtual network \"\(network.name.text)\"\(network.group.map { " in \"\($0.text)\"" } ?? ""), in which \(build.name) is built, is not there",
            at: network.name.span,
            advice: near.map { "Did you mean \"\($0)\"?" },
            command: draft.command,
            // In which group it belongs is only known when the template says so.
            draft: network.group == nil || location == nil ? nil : draft
        )
    }

    private mutating func findSeveral(_ network: AzureBuild.Network, _ named: [NetworkFact]) {
        let groups = named.map { "\"\($0.group)\"" }.sorted().joined(separator: ", ")
        problem(
            "network-ambiguous",
            "There are \(named.count) virtual networks \"\(network.name.text)\", in \(groups)",
            at: network.name.span,
            advice: "Say which with \"virtual_network_resource_group_name\" and \"virtual_network_subnet_name\"."
        )
    }

    private mutating func check(_ found: NetworkFact, _ network: AzureBuild.Network, _ location: String?) {
        let place = id(network, found.group)
        if let location, Self.region(found.location) != location {
            problem(
                "network-region",
                "The \(place.title) is in \(Self.region(found.location)), and \(build.name) is built in \(location)",
                at: network.name.span,
                advice: "Name a network of \(location), or build in \(Self.region(found.location))."
            )
        }
        checkSubnet(found, network, place)
        checkRight("Microsoft.Network/virtualNetworks/subnets/join/action", in: place.group, at: network.name.span)
    }

    /// Without the group's name, the builder takes the only subnet there is, whatever is named.
    private mutating func checkSubnet(_ found: NetworkFact, _ network: AzureBuild.Network, _ place: AzureResourceID) {
        let isChosen = network.group == nil || network.subnet == nil
        if let subnet = network.subnet, !found.subnets.contains(where: { equalIgnoringCase($0.name, subnet.text) }) {
            return findNoSubnet(subnet, found, place)
        }
        guard isChosen, found.subnets.count != 1 else { return }
        let names = found.subnets.map(\.name).sorted().joined(separator: ", ")
        problem(
            "subnet-ambiguous",
            "The \(place.title) has \(found.subnets.isEmpty ? "no subnet" : "the subnets \(names)"), and \(build.name) does not say which",
            at: (network.subnet ?? network.name).span,
            advice:
                "Give both \"virtual_network_resource_group_name\" and \"virtual_network_subnet_name\": without the group, the builder takes the only subnet there is."
        )
    }

    private mutating func findNoSubnet(_ subnet: PlacedText, _ found: NetworkFact, _ place: AzureResourceID) {
        var id = place
        id.type = AzureType.subnet
        id.names.append(subnet.text)
        let free = AddressRange.free(in: found.prefixes, besides: found.subnets.flatMap(\.prefixes))
        let draft = AzureDraft(id, .subnet(prefix: free?.text ?? "RANGE"))
        let near = nearName(subnet.text, among: found.subnets.map(\.name).sorted())
        problem(
            "subnet",
            "The \(place.title) has no subnet \"\(subnet.text)\"",
            at: subnet.span,
            advice: near.map { "Did you mean \"\($0)\"?" },
            command: draft.command,
            draft: free == nil ? nil : draft
        )
    }
}
