namespace Perennial.Authority.Issuance;

/// <summary>Where revocation is told, below an address that devices and servers reach.</summary>
public static class RevocationPlaces
{
    /// <summary>The path of everything below.</summary>
    public const string Prefix = "/pki";

    /// <summary>The path of OCSP.</summary>
    public const string OcspPath = Prefix + "/ocsp";

    /// <summary>The path of the list of a slot.</summary>
    /// <param name="slotId">The slot.</param>
    public static string ListPath(string slotId) => $"{Prefix}/{slotId}.crl";

    /// <summary>The address of the list of a slot.</summary>
    /// <param name="url">The address of the server.</param>
    /// <param name="slotId">The slot.</param>
    public static string ListOf(Uri url, string slotId) => new Uri(url, ListPath(slotId)).AbsoluteUri;

    /// <summary>The address of OCSP.</summary>
    /// <param name="url">The address of the server.</param>
    public static string OcspOf(Uri url) => new Uri(url, OcspPath).AbsoluteUri;
}
