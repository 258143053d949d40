using Perennial.Architecture.Tests.Rules;

namespace Perennial.Architecture.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void Projects_refer_only_where_the_design_allows() => Finding.AssertNone(Repository.Projects.SelectMany(ReferenceRules.ToProjects));

    [Fact]
    public void Third_party_packages_stay_in_the_server() => Finding.AssertNone(Repository.Projects.SelectMany(ReferenceRules.ToPackages));

    [Fact]
    public void Only_the_server_sees_the_web_framework() => Finding.AssertNone(Repository.Projects.SelectMany(ReferenceRules.ToFrameworks));

    [Fact]
    public void The_testing_package_takes_along_what_its_server_needs() => Finding.AssertNone(ReferenceRules.OfTesting(Repository.Projects));

    [Theory]
    [InlineData("""<PackageReference Include="Dapper" /><ProjectReference Include="../Perennial.Hub/Perennial.Hub.csproj" />""", 0)]
    [InlineData("""<PackageReference Include="Dapper" />""", 1)]
    [InlineData("", 2)]
    public void A_testing_package_that_leaves_something_out_is_found(string items, int expected) =>
        Assert.Equal(expected, ReferenceRules.OfTesting(
        [
            Project("src", "Perennial.Server", """<PackageReference Include="Dapper" /><ProjectReference Include="../Perennial.Hub/Perennial.Hub.csproj" />"""),
            Project("src", "Perennial.Testing", items),
        ]).Count());

    [Theory]
    [InlineData("Perennial.Hub", "Perennial.X509", 0)]
    [InlineData("Perennial.Hub", "Perennial.Provisioning", 1)]
    [InlineData("Perennial.X509", "Perennial.Hub", 1)]
    [InlineData("Perennial.Rolling", "Perennial.Hub", 0)]
    [InlineData("Perennial.Rolling", "Perennial.Protocol", 1)]
    [InlineData("Perennial.Server", "Perennial.Rolling", 0)]
    [InlineData("Perennial.Server", "Perennial.Agent", 1)]
    [InlineData("Perennial.Unheard", "Perennial.X509", 1)]
    public void A_reference_through_a_wall_is_found(string project, string reference, int expected) =>
        Assert.Equal(expected, ReferenceRules.ToProjects(Project("src", project, $"""<ProjectReference Include="..\{reference}\{reference}.csproj" />""")).Count());

    [Theory]
    [InlineData("src", "Perennial.Server", "Dapper", 0)]
    [InlineData("src", "Perennial.Hub", "Dapper", 1)]
    [InlineData("src", "Perennial.Server", "Newtonsoft.Json", 1)]
    [InlineData("tests", "Perennial.Hub.Tests", "CsCheck", 0)]
    [InlineData("tests", "Perennial.Hub.Tests", "Moq", 1)]
    public void A_package_out_of_place_is_found(string folder, string project, string package, int expected) =>
        Assert.Equal(expected, ReferenceRules.ToPackages(Project(folder, project, $"""<PackageReference Include="{package}" />""")).Count());

    [Theory]
    [InlineData("Perennial.Server", 0)]
    [InlineData("Perennial.Hub", 1)]
    public void The_web_framework_out_of_place_is_found(string project, int expected)
    {
        Assert.Equal(expected, ReferenceRules.ToFrameworks(Project("src", project, """<FrameworkReference Include="Microsoft.AspNetCore.App" />""")).Count());
        Assert.Equal(expected, ReferenceRules.ToFrameworks(ProjectFile.Parse($"src/{project}/{project}.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""")).Count());
    }

    private static ProjectFile Project(string folder, string name, string items) =>
        ProjectFile.Parse($"{folder}/{name}/{name}.csproj", $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>{items}</ItemGroup></Project>""");
}
