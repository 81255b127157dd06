import Foundation

extension ScriptedCloud {
    /// A subscription in which images are built, with much that templates may get wrong.
    func fill() {
        put("/locations", #"{"value":[{"name":"westeurope","displayName":"West Europe"},{"name":"eastus"}]}"#)
        let all = #"{"value":[{"actions":["*"],"notActions":[]}]}"#
        put("/providers/Microsoft.Authorization/permissions", all)
        for group in ["images", "net-a", "net-b", "locked"] {
            put("/resourceGroups/\(group)", #"{"name":"\#(group)","location":"westeurope"}"#)
            put(
                "/resourceGroups/\(group)/providers/Microsoft.Authorization/permissions",
                group == "locked"
                    ? #"{"value":[{"actions":["*"],"notActions":["Microsoft.Compute/images/*"]}]}"# : all
            )
        }
        fillGallery()
        fillNetworks()
        fillMachines()
    }

    private func fillGallery() {
        let gallery = "/resourceGroups/images/providers/Microsoft.Compute/galleries/agents"
        put(gallery, #"{"name":"agents","location":"westeurope","properties":{}}"#)
        let definitions = [
            ("linux", "Linux", "V2", "x64"), ("windows", "Windows", "V2", "x64"), ("old", "Linux", "V1", "x64"),
            ("arm", "Linux", "V2", "Arm64"), ("hidden", "Linux", "V2", "x64"),
        ]
        for (name, system, generation, architecture) in definitions {
            put(
                "\(gallery)/images/\(name)",
                #"{"name":"\#(name)","location":"westeurope","properties":{"osType":"\#(system)","osState":"Generalized","hyperVGeneration":"\#(generation)","architecture":"\#(architecture)","identifier":{"publisher":"p","offer":"o","sku":"\#(name)"}}}"#
            )
        }
        for (name, version, isExcluded) in [
            ("linux", "1.0.9", false), ("linux", "1.0.10", false), ("hidden", "1.0.0", true),
        ] {
            put(
                "\(gallery)/images/\(name)/versions/\(version)",
                #"{"name":"\#(version)","location":"westeurope","properties":{"provisioningState":"Succeeded","publishingProfile":{"excludeFromLatest":\#(isExcluded),"targetRegions":[{"name":"West Europe","regionalReplicaCount":1}]}}}"#
            )
        }
        for (name, region) in [("golden", "eastus"), ("taken", "westeurope")] {
            put(
                "/resourceGroups/images/providers/Microsoft.Compute/images/\(name)",
                #"{"name":"\#(name)","location":"\#(region)","properties":{"hyperVGeneration":"V2","storageProfile":{"osDisk":{"osType":"Linux","osState":"Generalized"}}}}"#
            )
        }
    }

    private func fillNetworks() {
        for (group, name, region) in [
            ("net-a", "build", "westeurope"), ("net-a", "twin", "westeurope"), ("net-b", "twin", "westeurope"),
            ("net-a", "far", "eastus"),
        ] {
            let path = "/resourceGroups/\(group)/providers/Microsoft.Network/virtualNetworks/\(name)"
            put(
                path,
                #"{"name":"\#(name)","id":"/subscriptions/\#(Self.subscription)\#(path)","location":"\#(region)","properties":{"addressSpace":{"addressPrefixes":["10.1.0.0/16"]},"subnets":[{"name":"default","properties":{"addressPrefix":"10.1.0.0/24"}}]}}"#
            )
        }
    }

    private func fillMachines() {
        let places = "/providers/Microsoft.Compute/locations/westeurope"
        let debian = "\(places)/publishers/Debian/artifacttypes/vmimage/offers/debian-12/skus/12-gen2/versions"
        put(debian, #"[{"name":"0.20240901.9"},{"name":"0.20240901.10"}]"#)
        put(
            "\(debian)/0.20240901.10",
            #"{"name":"0.20240901.10","properties":{"osDiskImage":{"operatingSystem":"Linux"},"hyperVGeneration":"V2","architecture":"x64"}}"#
        )
        put(
            "\(places)/usages",
            #"{"value":[{"name":{"value":"cores","localizedValue":"Total Regional vCPUs"},"currentValue":4,"limit":300},{"name":{"value":"standardDSv3Family","localizedValue":"Standard DSv3 Family vCPUs"},"currentValue":4,"limit":40},{"name":{"value":"standardFSv2Family"},"currentValue":0,"limit":0}]}"#
        )
        let sizes = [
            ("Standard_D2s_v3", "standardDSv3Family", "2"), ("Standard_F4s_v2", "standardFSv2Family", "4"),
        ].map { name, family, processors in
            #"{"resourceType":"virtualMachines","name":"\#(name)","family":"\#(family)","capabilities":[{"name":"vCPUs","value":"\#(processors)"},{"name":"HyperVGenerations","value":"V1,V2"},{"name":"CpuArchitectureType","value":"x64"}],"restrictions":[]}"#
        }
        put("/providers/Microsoft.Compute/skus", "{\"value\":[\(sizes.joined(separator: ","))]}")
    }
}
