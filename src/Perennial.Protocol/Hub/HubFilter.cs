namespace Perennial.Protocol.Hub;

/// <summary>The filters a hub client may subscribe to. Source: hub-protocol §1.3.</summary>
public static class HubFilter
{
    /// <summary>Answers to twin requests.</summary>
    public const string TwinResponses = "$iothub/twin/res/#";

    /// <summary>Notifications of changed desired properties.</summary>
    public const string DesiredProperties = "$iothub/twin/PATCH/properties/desired/#";

    /// <summary>Direct methods.</summary>
    public const string Methods = "$iothub/methods/POST/#";

    /// <summary>Answers to requests for a certificate (hub-protocol §7.1).</summary>
    public const string CertificateAnswers = Credentials.CredentialTopic.Answers;

    /// <summary>The same, as one page of the real service's documentation spells it.</summary>
    public const string CertificateAnswersMisspelled = "$iothub/credential/#";

    /// <summary>Messages to a device or a module.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="moduleId">The module of the device, or null.</param>
    /// <returns>The filter.</returns>
    public static string Messages(DeviceId deviceId, string? moduleId = null) => $"{Own(deviceId, moduleId)}messages/devicebound/#";

    /// <summary>Inputs of a module.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="moduleId">The module.</param>
    /// <returns>The filter.</returns>
    public static string Inputs(DeviceId deviceId, string moduleId) => $"{Own(deviceId, moduleId)}inputs/#";

    /// <summary>Tells what a filter asks for.</summary>
    /// <param name="filter">The filter as received.</param>
    /// <param name="deviceId">The authenticated device.</param>
    /// <param name="moduleId">The authenticated module of the device, or null.</param>
    /// <returns>What it asks for.</returns>
    public static HubSubscription Classify(string? filter, DeviceId deviceId, string? moduleId = null) => filter switch
    {
        TwinResponses => HubSubscription.TwinResponses,
        DesiredProperties => HubSubscription.DesiredProperties,
        Methods => HubSubscription.Methods,
        CertificateAnswers or CertificateAnswersMisspelled => HubSubscription.CertificateAnswers,
        not null when filter == Messages(deviceId, moduleId) => HubSubscription.Messages,

        // One client asks for all of its module's topics at once.
        not null when moduleId is not null && (filter == Inputs(deviceId, moduleId) || filter == $"{Own(deviceId, moduleId)}#") => HubSubscription.Inputs,
        _ => HubSubscription.Foreign,
    };

    private static string Own(DeviceId deviceId, string? moduleId) =>
        moduleId is null ? $"devices/{deviceId}/" : $"devices/{deviceId}/modules/{moduleId}/";
}
