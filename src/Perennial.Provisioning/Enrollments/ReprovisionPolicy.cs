namespace Perennial.Provisioning.Enrollments;

/// <summary>What happens to the hub assignment and the device data when a device registers again (dps-protocol §6.1).</summary>
/// <param name="UpdateHubAssignment">The allocation policy may choose another hub.</param>
/// <param name="MigrateDeviceData">On another hub the twin goes along; otherwise it starts from the initial twin.</param>
public sealed record ReprovisionPolicy(bool UpdateHubAssignment, bool MigrateDeviceData)
{
    public static ReprovisionPolicy Migrate { get; } = new(true, true);

    public static ReprovisionPolicy Reset { get; } = new(true, false);

    public static ReprovisionPolicy Never { get; } = new(false, false);
}
