// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The keynames of TOSCA 2.0, record by record.
enum Keynames {
    /// All records.
    static let tables: [Record: [Keyname]] =
        fileTables
        .merging(typeTables) { first, _ in first }
        .merging(definitionTables) { first, _ in first }
        .merging(templateTables) { first, _ in first }
        .merging(functionTables) { first, _ in first }
        .merging(workflowTables) { first, _ in first }

    /// What nearly every record has.
    static let common = [Keyname("description", .text), Keyname("metadata", .map(.anything))]

    /// What every type has.
    static let typeCommon = common + [Keyname("derived_from", .name), Keyname("version", .version)]

    private static let fileTables: [Record: [Keyname]] = [
        .file: common + [
            .mandatory("tosca_definitions_version", .name),
            Keyname("dsl_definitions", .map(.anything)),
            Keyname("artifact_types", .map(.record(.artifactType))),
            Keyname("data_types", .map(.record(.dataType))),
            Keyname("capability_types", .map(.record(.capabilityType))),
            Keyname("interface_types", .map(.record(.interfaceType))),
            Keyname("relationship_types", .map(.record(.relationshipType))),
            Keyname("node_types", .map(.record(.nodeType))),
            Keyname("group_types", .map(.record(.groupType))),
            Keyname("policy_types", .map(.record(.policyType))),
            Keyname("repositories", .map(.short(.name, .repository))),
            Keyname("functions", .map(.record(.functionDefinition))),
            Keyname("profile", .name),
            Keyname("imports", .list(.short(.name, .importDefinition))),
            Keyname("service_template", .record(.serviceTemplate)),
        ],
        .importDefinition: common + [
            Keyname("url", .name), Keyname("profile", .name), Keyname("repository", .name), Keyname("namespace", .name),
        ],
        .repository: common + [.mandatory("url", .name), Keyname("credential", .anything)],
        .serviceTemplate: common + [
            Keyname("inputs", .map(.record(.incomingParameter))),
            .mandatory("node_templates", .map(.record(.nodeTemplate))),
            Keyname("relationship_templates", .map(.record(.relationshipTemplate))),
            Keyname("groups", .map(.record(.groupDefinition))),
            Keyname("workflows", .map(.record(.workflow))),
            Keyname("policies", .sequence(.record(.policyDefinition))),
            Keyname("outputs", .map(.short(.value, .outgoingParameter))),
            Keyname("functions", .map(.record(.functionDefinition))),
            Keyname("substitution_mappings", .record(.substitutionMapping)),
        ],
    ]

    private static let properties = Keyname("properties", .map(.short(.value, .propertyDefinition)))
    private static let attributes = Keyname("attributes", .map(.short(.value, .attributeDefinition)))

    private static let typeTables: [Record: [Keyname]] = [
        .artifactType: typeCommon + [Keyname("mime_type", .text), Keyname("file_ext", .list(.name)), properties],
        .dataType: typeCommon + [
            Keyname("validation", .value), properties, Keyname("key_schema", .short(.name, .schema)),
            Keyname("entry_schema", .short(.name, .schema)), Keyname("data_type", .name), Keyname("units", .anything),
            Keyname("prefixes", .anything), Keyname("canonical_unit", .name),
        ],
        .capabilityType: typeCommon + [
            properties, attributes, Keyname("valid_source_node_types", .list(.name)),
            Keyname("valid_relationship_types", .list(.name)),
        ],
        .interfaceType: typeCommon + [
            Keyname("inputs", .map(.short(.value, .outgoingParameter))),
            Keyname("operations", .map(.short(.name, .operationDefinition))),
            Keyname("notifications", .map(.short(.name, .notificationDefinition))),
        ],
        .relationshipType: typeCommon + [
            properties, attributes, Keyname("interfaces", .map(.record(.interfaceDefinition))),
            Keyname("valid_capability_types", .list(.name)), Keyname("valid_target_node_types", .list(.name)),
            Keyname("valid_source_node_types", .list(.name)),
        ],
        .nodeType: typeCommon + [
            properties, attributes, Keyname("capabilities", .map(.short(.name, .capabilityDefinition))),
            Keyname("requirements", .sequence(.short(.name, .requirementDefinition))),
            Keyname("interfaces", .map(.record(.interfaceDefinition))),
            Keyname("artifacts", .map(.record(.artifactDefinition))),
        ],
        .groupType: typeCommon + [properties, attributes, Keyname("members", .list(.name))],
        .policyType: typeCommon + [
            properties, Keyname("targets", .list(.name)), Keyname("triggers", .map(.record(.trigger))),
        ],
    ]
}
