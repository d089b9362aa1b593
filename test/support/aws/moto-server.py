"""moto's server with what it lacks of AWS: how a task's containers ended, parameters of ElastiCache, and a Managed
Prometheus at an address of this machine."""

import os
import re

from moto.amp.models import Workspace
from moto.core.responses import ActionResult, EmptyResult
from moto.ecs.models import EC2ContainerServiceBackend
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse
from moto.server import main

# ECS hears from the task itself how it ended; moto can be told by the reason of StopTask only: "exit code 1".
stop_task = EC2ContainerServiceBackend.stop_task


def stop_with_exit_code(self, cluster, task, reason):
    stopped = stop_task(self, cluster, task, reason)
    told = re.fullmatch(r"exit code (\d+)", reason or "")
    for container in stopped.containers:
        # Without one it never came to an end of its own, which DescribeTasks says by leaving the code out.
        container.exitCode = int(told[1]) if told else None
    return stopped


EC2ContainerServiceBackend.stop_task = stop_with_exit_code


# Parameter groups by name: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheParameterGroup.html
def groups_of(response):
    return response.elasticache_backend.__dict__.setdefault("parameter_groups", {})


def create_cache_parameter_group(self):
    group = {
        "CacheParameterGroupName": self._get_param("CacheParameterGroupName"),
        "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
        "Description": self._get_param("Description"),
    }
    groups_of(self)[group["CacheParameterGroupName"]] = {**group, "parameters": {}}
    return ActionResult({"CacheParameterGroup": group})


def modify_cache_parameter_group(self):
    name = self._get_param("CacheParameterGroupName")
    for each in self._get_param("ParameterNameValues", []):
        groups_of(self)[name]["parameters"][each["ParameterName"]] = each["ParameterValue"]
    return ActionResult({"CacheParameterGroupName": name})


def describe_cache_parameter_groups(self):
    found = groups_of(self).get(self._get_param("CacheParameterGroupName"))
    return ActionResult({"CacheParameterGroups": [] if found is None else [found]})


def describe_cache_parameters(self):
    found = groups_of(self)[self._get_param("CacheParameterGroupName")]["parameters"]
    parameters = [{"ParameterName": name, "ParameterValue": value, "Source": "user"} for name, value in found.items()]
    return ActionResult({"Parameters": parameters})


def delete_cache_parameter_group(self):
    del groups_of(self)[self._get_param("CacheParameterGroupName")]
    return EmptyResult()


for operation in (
    create_cache_parameter_group,
    modify_cache_parameter_group,
    describe_cache_parameter_groups,
    describe_cache_parameters,
    delete_cache_parameter_group,
):
    setattr(ElastiCacheResponse, operation.__name__, operation)

# A replication group's members are clusters, which moto knows by their names alone.
describe_cache_clusters = ElastiCacheBackend.describe_cache_clusters


def describe_clusters_and_members(self, cache_cluster_id=None):
    for group in self.replication_groups.values():
        if cache_cluster_id in group.member_clusters:
            parameters = {"CacheParameterGroupName": group.cache_parameter_group_name}
            return [{"CacheClusterId": cache_cluster_id, "CacheParameterGroup": parameters}]
    return describe_cache_clusters(self, cache_cluster_id)


ElastiCacheBackend.describe_cache_clusters = describe_clusters_and_members

# Where a workspace answers; moto names AWS' own address.
prometheus = os.environ["REHEARSAL_PROMETHEUS"]
make_workspace = Workspace.__init__


def make_workspace_here(self, *args, **kwargs):
    make_workspace(self, *args, **kwargs)
    self.endpoint = f"{prometheus}/workspaces/{self.workspace_id}/"


Workspace.__init__ = make_workspace_here

main()
