namespace Perennial.Rolling.Sightings;

/// <summary>Where a device was seen.</summary>
public enum SightingPath
{
    Provisioning,
    Hub,
}
