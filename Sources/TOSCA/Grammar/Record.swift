// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The maps of the language that have keynames. The tables are in `Grammar/Keynames*.swift`.
enum Record: Sendable, Hashable {
    // The file
    case file, importDefinition, repository, serviceTemplate
    // Types
    case artifactType, dataType, capabilityType, interfaceType, relationshipType, nodeType, groupType, policyType
    // Definitions
    case propertyDefinition, attributeDefinition, schema, capabilityDefinition, requirementDefinition
    case parameterDefinition, incomingParameter, outgoingParameter
    case relationshipDefinition, interfaceDefinition, operationDefinition, notificationDefinition, implementation
    case artifactDefinition, functionDefinition, functionSignature
    // Templates and assignments
    case nodeTemplate, relationshipTemplate, capabilityAssignment, requirementAssignment, relationshipAssignment
    case interfaceAssignment, operationAssignment, notificationAssignment
    case groupDefinition, policyDefinition, trigger, activity, operationCall, workflowCall
    case workflow, workflowStep, substitutionMapping

    /// The record's name in messages.
    var noun: String {
        switch self {
        case .file: "a TOSCA file"
        case .importDefinition: "an import"
        case .repository: "a repository"
        case .serviceTemplate: "a service template"
        case .artifactType: "an artifact type"
        case .dataType: "a data type"
        case .capabilityType: "a capability type"
        case .interfaceType: "an interface type"
        case .relationshipType: "a relationship type"
        case .nodeType: "a node type"
        case .groupType: "a group type"
        case .policyType: "a policy type"
        case .propertyDefinition: "a property definition"
        case .attributeDefinition: "an attribute definition"
        case .parameterDefinition: "a parameter definition"
        case .incomingParameter: "a parameter that is given to the orchestrator"
        case .outgoingParameter: "a parameter that the orchestrator gives"
        case .schema: "a schema"
        case .capabilityDefinition: "a capability definition"
        case .requirementDefinition: "a requirement definition"
        case .relationshipDefinition: "a relationship definition"
        case .interfaceDefinition: "an interface definition"
        case .operationDefinition: "an operation definition"
        case .notificationDefinition: "a notification definition"
        case .implementation: "an implementation"
        case .artifactDefinition: "an artifact"
        case .functionDefinition: "a function"
        case .functionSignature: "a signature"
        case .nodeTemplate: "a node template"
        case .relationshipTemplate: "a relationship template"
        case .capabilityAssignment: "a capability assignment"
        case .requirementAssignment: "a requirement assignment"
        case .relationshipAssignment: "a relationship assignment"
        case .interfaceAssignment: "an interface assignment"
        case .operationAssignment: "an operation assignment"
        case .notificationAssignment: "a notification assignment"
        case .groupDefinition: "a group"
        case .policyDefinition: "a policy"
        case .trigger: "a trigger"
        case .activity: "an activity"
        case .operationCall: "an operation call"
        case .workflowCall: "a workflow call"
        case .workflow: "a workflow"
        case .workflowStep: "a step of a workflow"
        case .substitutionMapping: "a substitution mapping"
        }
    }

    /// The keynames of which it has exactly one; none if there is no such choice.
    var alternatives: [String] { self == .activity ? ["call_operation", "delegate", "set_state", "inline"] : [] }

    /// The keynames that it may have.
    var keynames: [Keyname] { Keynames.tables[self] ?? [] }
}
