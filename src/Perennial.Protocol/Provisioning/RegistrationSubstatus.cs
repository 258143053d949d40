using System.Text.Json.Serialization;

namespace Perennial.Protocol.Provisioning;

/// <summary>What an assignment did with the device's data. Source: dps-protocol §0, §6.1.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RegistrationSubstatus>))]
public enum RegistrationSubstatus
{
    /// <summary>First assignment, or again the same hub.</summary>
    InitialAssignment,

    /// <summary>Another hub, with the old twin.</summary>
    DeviceDataMigrated,

    /// <summary>The twin is back to its initial state.</summary>
    DeviceDataReset,

    /// <summary>The hub identity was gone and was made again.</summary>
    ReprovisionedToInitialAssignment,
}
