namespace Perennial.Server.Sandbox;

/// <summary>What a sandbox run is asked to do.</summary>
/// <param name="Devices">Size of the fleet; half are individual enrollments, half members of one group.</param>
/// <param name="Seed">Decides the order of the devices and their rhythm; keys and certificates are new in every run.</param>
/// <param name="AzureMode">Whether the hub knows only the leaf of the last registration.</param>
/// <param name="Stays">Whether it goes on serving after the story, for a look around in the portal.</param>
internal sealed record SandboxOptions(int Devices, int Seed, bool AzureMode, bool Stays = false)
{
    public const int FewestDevices = 2;

    public const int MostDevices = 2000;
}
