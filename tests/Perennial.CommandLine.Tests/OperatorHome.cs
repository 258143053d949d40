using Perennial.CommandLine.Tests;

[assembly: AssemblyFixture(typeof(OperatorHome))]

namespace Perennial.CommandLine.Tests;

/// <summary>The folder that commands of this process run in, with settings of its own: no test sees those of who runs the tests.</summary>
public sealed class OperatorHome : IDisposable
{
    private readonly string _before = Directory.GetCurrentDirectory();

    public OperatorHome()
    {
        Folder = Directory.CreateTempSubdirectory("perennial-test-").FullName;
        Environment.SetEnvironmentVariable("HOME", Folder);
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", Path.Combine(Folder, ".config"));
        Directory.SetCurrentDirectory(Folder);
    }

    public string Folder { get; }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        Directory.Delete(Folder, recursive: true);
    }
}
