using System.Globalization;
using Perennial.Server.Instances;

namespace Perennial.Server.Diagnosis;

/// <summary>The data folder: who may read its secrets, how much room is left, whether the policies and the trust bundle can be used.</summary>
internal static class CheckFolder
{
    private const long Little = 1L << 30;
    private const long TooLittle = 100L << 20;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static IEnumerable<Finding> Run(Instance instance)
    {
        yield return Modes(instance);
        yield return Room(instance.Folder, new DriveInfo(instance.Folder).AvailableFreeSpace);
        foreach (var scope in instance.Document.Hubs.Select(hub => new PolicyScope(hub.Name)).Prepend(PolicyScope.Provisioning))
        {
            yield return Policies(instance, scope);
        }
    }

    /// <summary>What the free bytes of a disk mean.</summary>
    public static Finding Room(string folder, long free)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"{free / (1 << 20)} MiB free at {folder}");
        return free < TooLittle ? Finding.Fail("disk", $"{words}: nothing more can be stored soon. Make room, or move the data folder.")
            : free < Little ? Finding.Warn("disk", $"{words}. Make room.")
            : Finding.Ok("disk", words);
    }

    private static Finding Modes(Instance instance)
    {
        if (OperatingSystem.IsWindows())
        {
            return Finding.Ok("file modes", "not checked on this system");
        }

        string[] secrets =
        [
            Path.Combine(instance.Folder, "service-policies.json"), instance.KeysFolder, .. Directory.EnumerateFiles(instance.KeysFolder, "*.key"),
            .. Directory.EnumerateFiles(instance.Folder, "perennial.db*"),
        ];
        var open = secrets.Where(IsOpen).ToList();
        return open.Count == 0
            ? Finding.Ok("file modes", "keys, policies and records are their owner's alone")
            : Finding.Fail("file modes", $"others may read secrets. Mend it: chmod go= {string.Join(' ', open)}");
    }

    private static bool IsOpen(string path) =>
        !OperatingSystem.IsWindows() && Path.Exists(path) && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None;

    private static Finding Policies(Instance instance, PolicyScope scope)
    {
        var subject = $"policies of {scope}";
        var policies = instance.Policies.Of(scope);
        return policies is { Count: > 0 }
            ? Finding.Ok(subject, string.Join(", ", policies.Select(policy => policy.Name)))
            : Finding.Fail(subject, "there are none: nobody can manage it. Make one: perennial policy create owner --rights …");
    }
}
