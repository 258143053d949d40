namespace Perennial.Rolling.Sightings;

/// <summary>How many devices of an enrollment were last accepted by one certificate, and which were not.</summary>
/// <param name="Devices">Devices registered through the enrollment.</param>
/// <param name="Proven">Those whose last accepted sighting was by the certificate.</param>
/// <param name="Unproven">The first of the others, by registration id.</param>
public sealed record ProofOfUse(int Devices, int Proven, IReadOnlyList<UnprovenDevice> Unproven)
{
    /// <summary>Every device has shown that it uses the certificate, and there is at least one.</summary>
    public bool IsComplete => Devices > 0 && Proven == Devices;
}
