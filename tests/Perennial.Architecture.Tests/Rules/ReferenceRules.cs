namespace Perennial.Architecture.Tests.Rules;

/// <summary>The walls: which project may refer to which, and which packages it may see.</summary>
internal static class ReferenceRules
{
    private const string Logging = "Microsoft.Extensions.Logging.Abstractions";

    private static readonly string[] ServerProjects =
        ["Perennial.X509", "Perennial.Protocol", "Perennial.Authority", "Perennial.Provisioning", "Perennial.Hub", "Perennial.Rolling"];

    /// <summary>A product project that is not in this table may not exist.</summary>
    private static readonly Dictionary<string, string[]> Projects = new(StringComparer.Ordinal)
    {
        ["Perennial.X509"] = [],
        ["Perennial.Protocol"] = ["Perennial.X509"],
        ["Perennial.Authority"] = ["Perennial.X509"],
        ["Perennial.Provisioning"] = ["Perennial.X509"],
        ["Perennial.Hub"] = ["Perennial.X509"],
        ["Perennial.Rolling"] = ["Perennial.X509", "Perennial.Provisioning", "Perennial.Hub"],
        ["Perennial.Agent"] = ["Perennial.X509", "Perennial.Protocol"],
        ["Perennial.Server"] = ServerProjects,
        ["Perennial.Testing"] = ["Perennial.Server", .. ServerProjects],
    };

    private static readonly string[] ServerPackages =
    [
        "AMQPNetLite", "MQTTnet", "Microsoft.Data.Sqlite", "Npgsql", "Dapper", "Spectre.Console", "System.CommandLine", "Scalar.AspNetCore", "YamlDotNet",
        "OpenTelemetry.Exporter.OpenTelemetryProtocol", "OpenTelemetry.Exporter.Prometheus.AspNetCore", "OpenTelemetry.Extensions.Hosting",
        "Microsoft.AspNetCore.Authentication.OpenIdConnect", "QRCoder",
    ];

    /// <summary>A second reading of certificates, and tokens: what has to do with keys stays where keys are.</summary>
    private static readonly string[] AuthorityPackages = ["BouncyCastle.Cryptography", "Pkcs11Interop"];

    private static readonly Dictionary<string, string[]> Packages = new(StringComparer.Ordinal)
    {
        ["Perennial.Agent"] = ["MQTTnet", "System.CommandLine"],
        ["Perennial.Authority"] = [Logging, .. AuthorityPackages],
        ["Perennial.Provisioning"] = [Logging],
        ["Perennial.Hub"] = [Logging],
        ["Perennial.Rolling"] = [Logging],
        ["Perennial.Server"] = ServerPackages,
        ["Perennial.Testing"] = [.. ServerPackages, .. AuthorityPackages],
    };

    private static readonly HashSet<string> Mocks = new(StringComparer.OrdinalIgnoreCase) { "Moq", "NSubstitute", "FakeItEasy" };

    public static IEnumerable<Finding> ToProjects(ProjectFile project)
    {
        if (!project.IsProduct)
        {
            return [];
        }

        if (!Projects.TryGetValue(project.Name, out var allowed))
        {
            return [new Finding(project.Path, 1, $"{project.Name} is not in the table of projects", "put the code in a project of the design, or decide anew")];
        }

        return from reference in project.ProjectReferences
               where !allowed.Contains(reference, StringComparer.Ordinal)
               select new Finding(project.Path, 1, $"refers to {reference}", $"allowed: {Listed(allowed)}; take what is needed through a port");
    }

    public static IEnumerable<Finding> ToPackages(ProjectFile project)
    {
        if (!project.IsProduct)
        {
            return from package in project.PackageReferences
                   where Mocks.Contains(package)
                   select new Finding(project.Path, 1, $"refers to {package}", "write a fake with behaviour");
        }

        var allowed = Packages.GetValueOrDefault(project.Name, []);
        return from package in project.PackageReferences
               where !allowed.Contains(package, StringComparer.Ordinal)
               select new Finding(project.Path, 1, $"refers to package {package}", $"allowed: {Listed(allowed)}; third-party code stays in one project");
    }

    public static IEnumerable<Finding> ToFrameworks(ProjectFile project) =>
        from framework in project.FrameworkReferences
        where project is { IsProduct: true, Name: not ("Perennial.Server" or "Perennial.Testing") }
        select new Finding(project.Path, 1, $"refers to framework {framework}", "only Perennial.Server sees ASP.NET Core");

    /// <summary>The testing package holds the server's assemblies, so it takes along what the server refers to.</summary>
    public static IEnumerable<Finding> OfTesting(IEnumerable<ProjectFile> projects)
    {
        var byName = projects.Where(project => project.IsProduct).ToDictionary(project => project.Name, StringComparer.Ordinal);
        var (server, testing) = (byName["Perennial.Server"], byName["Perennial.Testing"]);
        var authority = byName.GetValueOrDefault("Perennial.Authority", server);
        return from missing in server.PackageReferences.Concat(authority.PackageReferences).Except(testing.PackageReferences).Concat(server.ProjectReferences.Except(testing.ProjectReferences))
               select new Finding(testing.Path, 1, $"leaves out {missing}", "refer to all that the server inside the package refers to");
    }

    private static string Listed(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names);
}
