using System.CommandLine;
using Perennial.Authority.Keys;

namespace Perennial.Server.Commands;

/// <summary>Options about new keys.</summary>
internal static class KeyOption
{
    private static readonly string[] Kinds = ["p256", "p384", "rsa2048", "rsa3072"];

    public static Option<string> Create()
    {
        var option = new Option<string>("--key")
        {
            Description = $"The kind of a new key: {string.Join(", ", Kinds)}.",
            HelpName = "KIND",
            DefaultValueFactory = _ => Kinds[0],
        };
        option.AcceptOnlyFromAmong(Kinds);
        return option;
    }

    public static Option<KeyAddress?> CreateToken() => new("--token")
    {
        Description = "Keeps the new keys on a token: pkcs11:token=LABEL?module-path=FILE&pin-source=FILE (RFC 7512).",
        HelpName = "URI",
        CustomParser = result =>
        {
            if (KeyAddress.TryParse(result.Tokens[0].Value, out var address) && address.IsToken)
            {
                return address;
            }

            result.AddError("--token takes a pkcs11: URI, for instance pkcs11:token=perennial?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/perennial/pin");
            return null;
        },
    };

    public static KeyAlgorithm AlgorithmOf(string text) => Enum.Parse<KeyAlgorithm>(text, ignoreCase: true);
}
