namespace Perennial.Protocol.Hub;

/// <summary>What a hub client subscribes to. A foreign filter is answered with 0x80. Source: hub-protocol §1.3.</summary>
public enum HubSubscription
{
    /// <summary>None of the known filters, or another device's.</summary>
    Foreign,

    /// <summary>Messages to the device or module.</summary>
    Messages,

    /// <summary>Inputs of the module.</summary>
    Inputs,

    /// <summary>Answers to twin requests.</summary>
    TwinResponses,

    /// <summary>Notifications of changed desired properties.</summary>
    DesiredProperties,

    /// <summary>Direct methods.</summary>
    Methods,

    /// <summary>Answers to requests for a certificate.</summary>
    CertificateAnswers,
}
