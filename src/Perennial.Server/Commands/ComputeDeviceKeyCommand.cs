using System.CommandLine;
using Perennial.Provisioning;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary><c>perennial compute-device-key</c>: the key of one device of a group, as <c>az iot dps compute-device-key</c> prints it.</summary>
internal static class ComputeDeviceKeyCommand
{
    private static readonly Option<string> Key = new("--key", "--symmetric-key")
    {
        Description = "The primary or secondary key of the group, in base64. Others on this machine can see it while the command runs; - reads it from standard input.",
        HelpName = "KEY",
        Required = true,
    };

    private static readonly Option<string> Id = new("--registration-id", "--rid")
    {
        Description = "The device's registration id, in the spelling that the device uses.",
        HelpName = "ID",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Verb("compute-device-key", "Derives a device's symmetric key from the key of its enrollment group.", "perennial compute-device-key --registration-id lamp-1 --key AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=") { Key, Id };
        command.SetAction((line, cancellationToken) => RunAsync(line.GetRequiredValue(Key), line.GetRequiredValue(Id), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string text, string registrationId, CancellationToken cancellationToken)
    {
        var base64 = text == "-" ? (await Console.In.ReadLineAsync(cancellationToken))?.Trim() : text;
        if (!SymmetricKey.TryParse(base64, out var key))
        {
            throw new OperatorException($"--key is not base64 of {SymmetricKey.MinLength} to {SymmetricKey.MaxLength} bytes.");
        }

        if (!RegistrationId.TryParse(registrationId, out var id))
        {
            throw new OperatorException($"'{registrationId}' is no registration id: 1 to 128 letters, digits and - . _ : with a letter, a digit or - at the end.");
        }

        await Console.Out.WriteLineAsync(key.Derive(id.Value).ToBase64());
        return 0;
    }
}
