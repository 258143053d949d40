namespace Perennial.Hub.Sessions;

/// <summary>What counts for a device identity that provisioning made.</summary>
public enum HubBehaviour
{
    /// <summary>What its enrollment attests at the moment.</summary>
    FollowEnrollment,

    /// <summary>The leaf that it last registered with, as on Azure.</summary>
    Azure,
}
