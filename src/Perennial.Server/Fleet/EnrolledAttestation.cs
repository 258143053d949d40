namespace Perennial.Server.Fleet;

/// <summary>How the devices of an enrollment prove themselves, as lists tell it. The numbers are stored.</summary>
public enum EnrolledAttestation
{
    /// <summary>By certificates that the enrollment holds.</summary>
    Certificate = 0,

    /// <summary>By CA certificates that it refers to.</summary>
    Reference = 1,

    SymmetricKey = 2,

    Tpm = 3,
}
