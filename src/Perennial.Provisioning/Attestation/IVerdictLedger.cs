namespace Perennial.Provisioning.Attestation;

/// <summary>Where verdicts are kept as sightings.</summary>
public interface IVerdictLedger
{
    /// <summary>Prepares the sighting, to be written in the registration's transaction.</summary>
    IPendingWrite Prepare(AttestationVerdict verdict);

    /// <summary>Writes the sighting by itself.</summary>
    Task RecordAsync(AttestationVerdict verdict, CancellationToken cancellationToken);
}
