using Perennial.Bench;
using Perennial.Bench.Servers;

return args switch
{
    ["provisioning"] => await ProvisioningBench.RunAsync(new ProvisioningPlan()),
    ["provisioning", "--quick"] => await ProvisioningBench.RunAsync(ProvisioningPlan.Quick),
    ["hub", .. var options] => await HubBench.RunAsync(IsQuick(options)),
    ["memory", .. var options] => await MemoryBench.RunAsync(IsQuick(options)),
    ["groups", .. var options] => await GroupsBench.RunAsync(IsQuick(options)),
    ["issuance", .. var options] => await IssuanceBench.RunAsync(IsQuick(options)),
    ["growth", .. var options] => await GrowthBench.RunAsync(IsQuick(options)),
    ["impact", .. var options] => await ImpactBench.RunAsync(IsQuick(options)),
    ["rolls", .. var options] => await RollBench.RunAsync(IsQuick(options)),
    ["breach", .. var options] => await BreachBench.RunAsync(IsQuick(options)),
    ["rehearsal", .. var options] => await RehearsalBench.RunAsync(IsQuick(options)),
    ["agent", .. var options] => await AgentBench.RunAsync(IsQuick(options)),
    ["fleet", .. var options] => await FleetBench.RunAsync(options),
    [BareServer.Command, var trusted, var root] => await BareServer.RunAsync(trusted, root),
    _ => Usage(),
};

static bool IsQuick(string[] options) => options is ["--quick"];

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Perennial.Bench -- provisioning|hub|memory|groups|issuance|growth|impact|rolls|breach|rehearsal|agent|fleet [--quick]");
    return 2;
}
