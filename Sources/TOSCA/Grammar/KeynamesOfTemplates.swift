// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Keynames {
    private static let schema = [
        Keyname("type", .name), Keyname("validation", .value), Keyname("key_schema", .short(.name, .schema)),
        Keyname("entry_schema", .short(.name, .schema)),
    ]
    private static let value = Keyname("value", .value)
    private static let mapping = Keyname("mapping", .list(.value))
    private static let parameter =
        common + schema + [Keyname("required", .boolean), Keyname("default", .value), Keyname("status", .name)]
    private static let refinements = [
        Keyname("properties", .map(.short(.value, .propertyDefinition))),
        Keyname("attributes", .map(.short(.value, .attributeDefinition))),
    ]
    private static let assignments = [Keyname("properties", .map(.value)), Keyname("attributes", .map(.value))]
    private static let parameters = Keyname("inputs", .map(.short(.value, .outgoingParameter)))

    static let definitionTables: [Record: [Keyname]] = [
        .propertyDefinition: parameter + [value],
        .attributeDefinition: common + schema + [Keyname("default", .value)],
        .parameterDefinition: parameter + [value, mapping],
        .incomingParameter: parameter + [mapping],
        .outgoingParameter: parameter + [value],
        .schema: common + schema,
        .capabilityDefinition: common + refinements + [
            Keyname("type", .name), Keyname("valid_source_node_types", .list(.name)),
            Keyname("valid_relationship_types", .list(.name)),
        ],
        .requirementDefinition: common + [
            Keyname("relationship", .short(.name, .relationshipDefinition)), Keyname("node", .name),
            Keyname("capability", .name),
            Keyname("node_filter", .condition), Keyname("count_range", .range),
        ],
        .relationshipDefinition: common + refinements + [
            Keyname("type", .name), Keyname("interfaces", .map(.record(.interfaceDefinition))),
        ],
        .interfaceDefinition: common + [
            Keyname("type", .name), parameters, Keyname("operations", .map(.short(.name, .operationDefinition))),
            Keyname("notifications", .map(.short(.name, .notificationDefinition))),
        ],
        .operationDefinition: common + [
            Keyname("implementation", .short(.name, .implementation)), parameters,
            Keyname("outputs", .map(.short(.value, .incomingParameter))),
        ],
        .notificationDefinition: common + [
            .unsupported("implementation", .short(.name, .implementation)), parameters,
            Keyname("outputs", .map(.short(.value, .incomingParameter))),
        ],
        .implementation: common + [
            Keyname("primary", .short(.name, .artifactDefinition)), Keyname("timeout", .count),
            .unsupported("dependencies", .list(.short(.name, .artifactDefinition))),
        ],
        .artifactDefinition: common + [
            .mandatory("type", .name), .mandatory("file", .name), Keyname("repository", .name),
            Keyname("artifact_version", .text), Keyname("version", .text), Keyname("checksum", .text),
            Keyname("checksum_algorithm", .text),
            Keyname("properties", .map(.value)),
        ],
    ]

    static let templateTables: [Record: [Keyname]] = [
        .nodeTemplate: common + assignments + [
            .mandatory("type", .name, unless: "copy"), Keyname("directives", .list(.name)),
            Keyname("requirements", .sequence(.short(.target, .requirementAssignment))),
            Keyname("capabilities", .map(.record(.capabilityAssignment))),
            Keyname("interfaces", .map(.record(.interfaceAssignment))),
            Keyname("artifacts", .map(.record(.artifactDefinition))),
            Keyname("count", .count), Keyname("node_filter", .condition), Keyname("copy", .name),
        ],
        .relationshipTemplate: common + assignments + [
            .mandatory("type", .name, unless: "copy"), Keyname("interfaces", .map(.record(.interfaceAssignment))),
            Keyname("copy", .name),
        ],
        .capabilityAssignment: common + assignments + [.unsupported("directives", .list(.name))],
        .requirementAssignment: common + [
            Keyname("node", .target), Keyname("capability", .name),
            Keyname("relationship", .short(.name, .relationshipAssignment)), Keyname("allocation", .map(.value)),
            Keyname("count", .count),
            Keyname("node_filter", .condition), Keyname("directives", .list(.name)), Keyname("optional", .boolean),
        ],
        .relationshipAssignment: common + assignments + [
            Keyname("type", .name), Keyname("interfaces", .map(.record(.interfaceAssignment))),
        ],
        .interfaceAssignment: common + [
            Keyname("inputs", .map(.value)), Keyname("operations", .map(.short(.name, .operationAssignment))),
            Keyname("notifications", .map(.short(.name, .notificationAssignment))),
        ],
        .operationAssignment: common + [
            Keyname("implementation", .short(.name, .implementation)), Keyname("inputs", .map(.value)),
            Keyname("outputs", .map(.value)),
        ],
        .notificationAssignment: common + [
            .unsupported("implementation", .short(.name, .implementation)), Keyname("inputs", .map(.value)),
            Keyname("outputs", .map(.value)),
        ],
        .groupDefinition: common + assignments + [.mandatory("type", .name), Keyname("members", .list(.name))],
        .policyDefinition: common + [
            .mandatory("type", .name), Keyname("properties", .map(.value)), Keyname("targets", .list(.name)),
            Keyname("triggers", .map(.record(.trigger))),
        ],
    ]
}
